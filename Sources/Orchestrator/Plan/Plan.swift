public import ComposeFile

/// The operations that lead to a desired state, with the order between them.
public struct Plan: Sendable, Equatable {
    /// Topologically sorted: each operation follows those in its `after`.
    public internal(set) var operations: [Operation] = []

    public init() {}

    /// A single step of a plan.
    public struct Operation: Sendable, Equatable, Identifiable {
        public var id: Int
        public var action: Action
        public var cause: Cause
        /// Operations that must succeed before this one begins.
        public var after: Set<Int>
    }

    public enum Action: Sendable, Equatable {
        case createNetwork(String)
        case removeNetwork(String)
        case createVolume(String)
        case removeVolume(String)
        case createContainer(NewContainer)
        /// Run an init container to its end and remove it; a failure keeps it.
        case initialize(ContainerName, service: String, step: Int)
        case start(ContainerName)
        /// Start without the names and published ports, which another container still has.
        case startStandby(ContainerName)
        /// Give the names and published ports of another container to this one.
        case promote(ContainerName, over: ContainerName)
        /// Fail if the container fails within this time.
        case monitor(ContainerName, Duration)
        /// Wait until the clients of a container that others no longer find have been served.
        case drain(ContainerName)
        /// Replace running containers of a service, a few at a time.
        case roll(Rollout)
        case stop(ContainerName)
        case remove(ContainerName)
        /// Does nothing: the container is running and up to date.
        case keep(ContainerName)
        case await(ContainerName, Condition, isRequired: Bool)
    }

    /// Why an operation is in the plan.
    public enum Cause: Sendable, Equatable {
        case missing
        case configurationChanged
        /// The configuration of a container's service has changed in these attributes.
        case attributesChanged([AttributeChange])
        case imageChanged
        case networkLost(String)
        case volumeLost(String)
        case volumeChanged(String)
        case requested
        case tooMany
        case orphaned
        case superseded
        case dependencyReplaced(String)
        case neededBy(String)
        case notRunning
        case unchanged
        case updateFailed
    }

    /// The state that a dependent or `--wait` waits for.
    public enum Condition: Sendable, Equatable {
        case healthy
        case completed
        /// Healthy if the container has a health check, running otherwise.
        case ready
    }

    /// A container to create.
    public struct NewContainer: Sendable, Equatable {
        public var container: ContainerName
        public var service: String
        /// 0 for a container of `run`, which is not a replica.
        public var number: Int
        /// The container that it replaces and whose anonymous volumes it inherits.
        public var replaces: String?
        /// The step of `pre_start` that it runs; nil for a container of the service itself.
        public var initStep: InitStep?

        /// Created by `run` rather than `up`.
        public var isOneOff: Bool { number == 0 }
    }

    /// An entry of `pre_start`, by its place in the list, and the container that it prepares.
    public struct InitStep: Sendable, Equatable {
        public var index: Int
        public var container: ContainerName
    }

    /// A container's id, with its name for messages.
    public struct ContainerName: Sendable, Hashable {
        public var id: String
        public var name: String
    }
}

extension Plan {
    /// Appends an operation that waits for the operations `after`; returns its number.
    @discardableResult
    mutating func add(
        _ action: Action,
        because cause: Cause,
        after: some Sequence<Int> = EmptyCollection()
    ) -> Int {
        let id = operations.count
        operations.append(
            Operation(id: id, action: action, cause: cause, after: Set(after))
        )
        return id
    }

    /// Makes an existing operation wait for another one as well.
    mutating func make(_ operation: Int, waitFor other: Int) {
        operations[operation].after.insert(other)
    }
}

extension Plan {
    /// Names the attributes in the causes of replacements; `changes` returns those between the
    /// container with an id and its service.
    mutating func explain(_ changes: (_ old: String, _ service: String) -> [AttributeChange]) {
        var found: [String: [AttributeChange]] = [:]
        for operation in operations where operation.cause == .configurationChanged {
            guard case .createContainer(let new) = operation.action, let old = new.replaces else {
                continue
            }
            let list = changes(old, new.service)
            guard !list.isEmpty else { continue }
            found[old] = list
            found[new.container.id] = list
        }
        for place in operations.indices {
            guard case .roll(var rollout) = operations[place].action else { continue }
            for index in rollout.steps.indices { rollout.steps[index].creation.explain(changes) }
            operations[place].action = .roll(rollout)
        }
        for place in operations.indices where operations[place].cause == .configurationChanged {
            guard let id = operations[place].action.container, let list = found[id] else {
                continue
            }
            operations[place].cause = .attributesChanged(list)
        }
    }

    /// The operations, with those of successful rolling updates in their places.
    var allOperations: [Operation] {
        operations.flatMap { operation in
            guard case .roll(let rollout) = operation.action else { return [operation] }
            return rollout.steps.flatMap(\.operations)
        }
    }

    /// The names of the containers that it creates.
    var createdNames: Set<String> {
        Set(
            allOperations.compactMap { operation in
                guard case .createContainer(let new) = operation.action else { return nil }
                return new.container.name
            }
        )
    }

    /// The ids of the containers that it removes.
    var removedContainers: Set<String> {
        Set(
            allOperations.compactMap { operation in
                guard case .remove(let container) = operation.action else { return nil }
                return container.id
            }
        )
    }
}

extension Plan.Action {
    /// The id of the container that it creates or changes; nil for another one.
    fileprivate var container: String? {
        switch self {
        case .createContainer(let new): new.container.id
        case .start(let container), .stop(let container), .remove(let container): container.id
        default: nil
        }
    }
}

extension Plan.Cause: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing: "it does not exist"
        case .configurationChanged: "its configuration changed"
        case .attributesChanged(let changes):
            "its configuration changed: \(changes.map(\.description).joined(separator: "; "))"
        case .imageChanged: "its image changed"
        case .networkLost(let name): "it is not attached to network \(name)"
        case .volumeLost(let name): "it lacks volume \(name)"
        case .volumeChanged(let name): "volume \(name), which it mounts, is recreated"
        case .requested: "requested by the user"
        case .tooMany: "more replicas exist than requested"
        case .orphaned: "its service is not in the Compose file"
        case .superseded: "a newer container has replaced it"
        case .dependencyReplaced(let service): "\(service), which it depends on, is recreated"
        case .neededBy(let service): "\(service) depends on it"
        case .notRunning: "it is not running"
        case .unchanged: "nothing changed"
        case .updateFailed: "its update failed"
        }
    }
}
