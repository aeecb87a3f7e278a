public import ComposeFile

/// A change that a plan makes to one object, with its cause: one entry of `diff`.
public struct PlannedChange: Sendable, Equatable, Encodable {
    public enum Action: String, Sendable, Encodable {
        case create
        case recreate
        case remove
        case restart
        case start
        case stop
    }

    public enum Kind: String, Sendable, Encodable {
        case container
        case network
        case volume
    }

    public var action: Action
    public var kind: Kind
    public var name: String
    /// A clause: `its configuration changed`.
    public var cause: String
    /// The attributes that differ from those of the container to be replaced.
    public var changes: [AttributeChange] = []

    /// The changes of `plan`, in its order; the steps of one replacement or restart are one change.
    public static func all(in plan: Plan) -> [PlannedChange] {
        let facts = PlanFacts(plan)
        return plan.allOperations.compactMap { PlannedChange($0, facts) }
    }

    private init?(_ operation: Plan.Operation, _ facts: PlanFacts) {
        switch operation.action {
        case .createNetwork(let name): self.init(.create, .network, name, operation.cause)
        case .removeNetwork(let name): self.init(.remove, .network, name, operation.cause)
        case .createVolume(let name): self.init(.create, .volume, name, operation.cause)
        case .removeVolume(let name): self.init(.remove, .volume, name, operation.cause)
        case .createContainer(let new):
            let action: Action = new.replaces == nil ? .create : .recreate
            self.init(action, .container, new.container.name, operation.cause)
        case .start(let container) where !facts.created.contains(container.id):
            let action: Action = facts.stopped.contains(container.id) ? .restart : .start
            self.init(action, .container, container.name, operation.cause)
        case .stop(let container)
        where !facts.removed.contains(container.id)
            && !facts.started.contains(container.id):
            self.init(.stop, .container, container.name, operation.cause)
        case .remove(let container) where !facts.replaced.contains(container.id):
            self.init(.remove, .container, container.name, operation.cause)
        case .start, .startStandby, .promote, .monitor, .drain, .roll, .stop, .remove, .initialize,
            .keep, .await:
            return nil
        }
    }

    private init(_ action: Action, _ kind: Kind, _ name: String, _ cause: Plan.Cause) {
        (self.action, self.kind, self.name) = (action, kind, name)
        if case .attributesChanged(let changes) = cause {
            self.cause = Plan.Cause.configurationChanged.description
            self.changes = changes
        } else {
            self.cause = cause.description
        }
    }
}

/// The containers that the operations of a plan act on, by id.
private struct PlanFacts {
    var created: Set<String> = []
    var replaced: Set<String> = []
    var removed: Set<String> = []
    var started: Set<String> = []
    var stopped: Set<String> = []

    init(_ plan: Plan) {
        for operation in plan.allOperations {
            switch operation.action {
            case .createContainer(let new):
                created.insert(new.container.id)
                if let old = new.replaces { replaced.insert(old) }
            case .start(let container), .startStandby(let container): started.insert(container.id)
            case .stop(let container): stopped.insert(container.id)
            case .remove(let container): removed.insert(container.id)
            case .createNetwork, .removeNetwork, .createVolume, .removeVolume, .initialize, .keep,
                .await, .promote, .monitor, .drain, .roll:
                break
            }
        }
    }
}
