public import ContainerNetwork
public import ImageStore
import SystemPackage

/// What this machine holds: images, networks, volumes and containers.
public struct Machine: Sendable {
    public let paths: DataPaths
    public let images: ImageStore
    public let networks: NetworkStore
    public let volumes: VolumeStore
    public let containers: ContainerStore

    public init(_ paths: DataPaths) throws {
        self.paths = paths
        images = try ImageStore(root: paths.data)
        networks = NetworkStore(directory: paths.networks)
        volumes = VolumeStore(directory: paths.volumes)
        containers = ContainerStore(paths)
    }

    /// What exists of `project`, and every network and volume.
    public func snapshot(of project: String) throws -> Snapshot {
        Snapshot(
            containers: try containers.containers(of: project),
            networks: try networks.all().map { network in
                ExistingResource(
                    name: network.name,
                    configHash: network.labels[ComposeLabel.configHash],
                    project: network.labels[ComposeLabel.project]
                )
            },
            volumes: try volumes.all().map { volume in
                ExistingResource(
                    name: volume.name,
                    configHash: volume.labels[ComposeLabel.configHash],
                    project: volume.labels[ComposeLabel.project]
                )
            }
        )
    }
}

extension Machine {
    /// What containers need of the store: their images, and the snapshots they are mounted from.
    public func contentInUse() throws -> ContentInUse {
        var inUse = ContentInUse()
        for project in try containers.projects() {
            for container in try containers.containers(of: project) {
                inUse.images.insert(container.record.imageID)
                inUse.stacks.formUnion(
                    container.record.lowerDirectories.compactMap { ChainID(tree: FilePath($0)) }
                )
            }
        }
        return inUse
    }
}
