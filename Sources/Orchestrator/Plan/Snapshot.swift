/// What exists of a project on this machine at one moment.
public struct Snapshot: Sendable, Equatable {
    public var containers: [ExistingContainer]
    public var networks: [ExistingResource]
    public var volumes: [ExistingResource]

    public init(
        containers: [ExistingContainer] = [],
        networks: [ExistingResource] = [],
        volumes: [ExistingResource] = []
    ) {
        self.containers = containers
        self.networks = networks
        self.volumes = volumes
    }
}

/// A container with what it is doing.
public struct ExistingContainer: Sendable, Equatable, Identifiable {
    public var record: ContainerRecord
    public var state: ContainerState
    /// Its last run ended while nobody could put away what it left.
    public var hasLeftovers: Bool

    public init(record: ContainerRecord, state: ContainerState, hasLeftovers: Bool = false) {
        self.record = record
        self.state = state
        self.hasLeftovers = hasLeftovers
    }

    public var id: String { record.id }
    public var isRunning: Bool {
        switch state.status {
        case .running, .paused, .restarting: true
        case .created, .removing, .exited, .dead: false
        }
    }

    /// It ran and does not any more.
    public var hasEnded: Bool { state.status == .exited || state.status == .dead }

    /// It runs, but has been told to end.
    var isEnding: Bool { isRunning && state.wasStoppedByHand }

    /// Its supervisor has something to end or to put away before it may be removed.
    var needsStop: Bool { isRunning || hasLeftovers }

    var planName: Plan.ContainerName { Plan.ContainerName(id: record.id, name: record.name) }
}

/// A network or volume that exists, ours or not.
public struct ExistingResource: Sendable, Equatable {
    public var name: String
    /// Nil when compose did not make it.
    public var configHash: String?
    public var project: String?

    public init(name: String, configHash: String?, project: String?) {
        self.name = name
        self.configHash = configHash
        self.project = project
    }
}
