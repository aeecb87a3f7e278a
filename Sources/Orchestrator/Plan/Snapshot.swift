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

    public init(record: ContainerRecord, state: ContainerState) {
        self.record = record
        self.state = state
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
