public import OCI

/// What a project shall look like, reduced to what planning needs.
public struct DesiredProject: Sendable, Equatable {
    public var name: String
    /// The services to bring up, dependencies before dependents.
    public var services: [DesiredService]
    /// Every service the file declares, active or not; others' containers are orphans.
    public var declaredServices: Set<String>
    public var networks: [DesiredResource]
    public var volumes: [DesiredResource]
    /// The service of which `run` makes one container more, by the name it has as `containerName`.
    public var oneOff: DesiredService?
}

extension DesiredProject {
    /// Volumes that exist and were made from other words than the file's.
    func changedVolumes(in snapshot: Snapshot) -> [String] {
        volumes.filter { volume in
            let existing = snapshot.volumes.first { $0.name == volume.name }
            guard !volume.isExternal, let hash = existing?.configHash else { return false }
            return hash != volume.configHash
        }
        .map(\.name)
    }
}

/// A service as the file asks for it.
public struct DesiredService: Sendable, Equatable {
    public var name: String
    public var replicas: Int
    /// Name of the only container; nil: `PROJECT-SERVICE-N`.
    public var containerName: String?
    public var configHash: String
    public var imageID: Digest
    /// Full names of the networks it attaches to.
    public var networks: [String]
    /// Full names of the named volumes it mounts.
    public var volumes: [String]
    public var dependencies: [DesiredDependency]
    /// Services whose containers must have been made, since their mounts are taken over.
    public var mountsFrom: [String] = []
    /// Named on the command line, or nobody was named.
    public var isTargeted = true
}

/// An entry of `depends_on`.
public struct DesiredDependency: Sendable, Equatable {
    public enum Condition: String, Codable, Sendable {
        case started = "service_started"
        case healthy = "service_healthy"
        case completed = "service_completed_successfully"
    }

    public var service: String
    public var condition: Condition
    /// When the dependency is replaced or restarted, so is the dependent.
    public var restarts: Bool
    public var isRequired: Bool
}

/// A network or a named volume.
public struct DesiredResource: Sendable, Equatable {
    /// Full name, `PROJECT_KEY`.
    public var name: String
    public var configHash: String
    /// Must exist; is neither made nor removed.
    public var isExternal: Bool
}
