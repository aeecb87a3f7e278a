/// The containers, networks and volumes of a project at one moment.
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

/// A container's record with its current state.
public struct ExistingContainer: Sendable, Equatable, Identifiable {
    public var record: ContainerRecord
    public var state: ContainerState
    /// Its last run ended while no supervisor could clean up after it.
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

    /// It has run and exited.
    public var hasEnded: Bool { state.status == .exited || state.status == .dead }

    /// It is still running but has been asked to stop.
    var isStopping: Bool { isRunning && state.wasStoppedByHand }

    /// Its supervisor must stop it or clean up after it before it can be removed.
    var needsStop: Bool { isRunning || hasLeftovers }

    var planName: Plan.ContainerName { Plan.ContainerName(id: record.id, name: record.name) }
}

/// An existing network or volume, whether or not it belongs to the project.
public struct ExistingResource: Sendable, Equatable {
    public var name: String
    /// Nil if it was not created from a Compose file.
    public var configHash: String?
    public var project: String?

    public init(name: String, configHash: String?, project: String?) {
        self.name = name
        self.configHash = configHash
        self.project = project
    }
}
