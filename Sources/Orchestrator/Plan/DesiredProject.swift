public import ComposeFile
public import OCI

/// The desired state of a project, reduced to what planning needs.
public struct DesiredProject: Sendable, Equatable {
    public var name: String
    /// Separates the parts of a container's default name.
    public var nameSeparator = "-"
    /// The services to bring up, dependencies before dependents.
    public var services: [DesiredService]
    /// Every service that the Compose file declares, active or not; containers of any other service
    /// are orphans.
    public var declaredServices: Set<String>
    public var networks: [DesiredResource]
    public var volumes: [DesiredResource]
    /// The service that `run` creates an additional container of, named `containerName`.
    public var oneOff: DesiredService?
}

extension DesiredProject {
    /// The default name of a container: `PROJECT-SERVICE-N`.
    func defaultName(_ service: String, _ last: String) -> String {
        [name, service, last].joined(separator: nameSeparator)
    }

    /// Volumes that exist but were created from a different definition.
    func changedVolumes(in snapshot: Snapshot) -> [String] {
        volumes.filter { volume in
            let existing = snapshot.volumes.first { $0.name == volume.name }
            guard !volume.isExternal, let hash = existing?.configHash else { return false }
            return hash != volume.configHash
        }
        .map(\.name)
    }
}

extension Project {
    /// Whether the definition of a container's service differs from the one that it was created
    /// from; false for a service that is not active.
    public func hasChanged(since container: ExistingContainer) -> Bool {
        guard let service = withPublication().services[container.record.service],
            let hash = container.record.labels[ComposeLabel.configHash]
        else { return false }
        return configHash(of: service) != hash
    }
}

/// A service as the Compose file defines it.
public struct DesiredService: Sendable, Equatable {
    public var name: String
    public var replicas: Int
    /// `container_name`; nil for the default, `PROJECT-SERVICE-N`.
    public var containerName: String?
    public var configHash: String
    public var imageID: Digest
    /// Full names of the networks that it attaches to.
    public var networks: [String]
    /// Full names of the named volumes that it mounts.
    public var volumes: [String]
    public var dependencies: [DesiredDependency]
    /// Services whose containers lend it namespaces or mounts: `network_mode: service:NAME`, `pid`,
    /// `ipc`, `volumes_from`. They are created first, and it is recreated with them.
    public var lenders: [String] = []
    /// `deploy.update_config`.
    public var update = RolloutPolicy()
    /// `deploy.rollback_config`.
    public var rollback = RolloutPolicy()
    /// The steps of `pre_start`.
    public var initSteps: [DesiredInitStep] = []
    /// False for a service that is only a dependency of those named on the command line.
    public var isTargeted = true
}

/// An entry of `pre_start`.
public struct DesiredInitStep: Sendable, Equatable {
    /// It is run for each replica; otherwise once, for the first one.
    public var isPerReplica: Bool
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
    /// The dependent restarts when the dependency is recreated or restarted.
    public var restarts: Bool
    public var isRequired: Bool
}

/// A network or a named volume.
public struct DesiredResource: Sendable, Equatable {
    /// Full name, `PROJECT_KEY`.
    public var name: String
    public var configHash: String
    /// Must exist already; is neither created nor removed.
    public var isExternal: Bool
}
