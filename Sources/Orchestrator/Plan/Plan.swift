/// What has to be done to reach a state: operations, and which must wait for which.
public struct Plan: Sendable, Equatable {
    /// In an order that satisfies every `after`.
    public internal(set) var operations: [Operation] = []

    public init() {}

    /// One thing to do.
    public struct Operation: Sendable, Equatable, Identifiable {
        public var id: Int
        public var action: Action
        public var cause: Cause
        /// Operations that must have succeeded before this one begins.
        public var after: Set<Int>
    }

    public enum Action: Sendable, Equatable {
        case createNetwork(String)
        case removeNetwork(String)
        case createVolume(String)
        case removeVolume(String)
        case createContainer(NewContainer)
        case start(ContainerName)
        case stop(ContainerName)
        case remove(ContainerName)
        /// Nothing to do: it runs and agrees with the file.
        case keep(ContainerName)
        case await(ContainerName, Condition, isRequired: Bool)
    }

    /// Why an operation is in the plan.
    public enum Cause: Sendable, Equatable {
        case missing
        case configurationChanged
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
    }

    /// What a dependent or `--wait` waits for.
    public enum Condition: Sendable, Equatable {
        case healthy
        case completed
        /// Healthy where there is a health check, running otherwise.
        case ready
    }

    /// A container to be made.
    public struct NewContainer: Sendable, Equatable {
        public var container: ContainerName
        public var service: String
        /// 0 for a container of `run`, which is not counted.
        public var number: Int
        /// The container whose place it takes and whose anonymous volumes it inherits.
        public var replaces: String?

        /// Made by `run`, not by `up`.
        public var isOneOff: Bool { number == 0 }
    }

    /// A container by id, with its name for the reader.
    public struct ContainerName: Sendable, Hashable {
        public var id: String
        public var name: String
    }
}

extension Plan {
    /// Adds an operation behind those it must wait for and returns its number.
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

    /// Makes an operation that is already there wait for another one as well.
    mutating func make(_ operation: Int, waitFor other: Int) {
        operations[operation].after.insert(other)
    }
}

extension Plan.Cause: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missing: "it does not exist"
        case .configurationChanged: "its configuration changed"
        case .imageChanged: "its image changed"
        case .networkLost(let name): "it is not attached to network \(name)"
        case .volumeLost(let name): "it lacks volume \(name)"
        case .volumeChanged(let name): "volume \(name), which it mounts, is made anew"
        case .requested: "it was asked for"
        case .tooMany: "there are more replicas than wanted"
        case .orphaned: "its service is not in the file"
        case .superseded: "a newer container took its place"
        case .dependencyReplaced(let service): "\(service), which it depends on, is replaced"
        case .neededBy(let service): "\(service) depends on it"
        case .notRunning: "it does not run"
        case .unchanged: "nothing changed"
        }
    }
}
