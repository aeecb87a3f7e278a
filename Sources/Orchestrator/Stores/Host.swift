public import ContainerNetwork
import ContainerRuntime
import ImageBuilder
public import ImageStore
import OCI
import SystemPackage

/// What this machine holds: images, networks, volumes and containers.
public struct Host: Sendable {
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

extension Host {
    /// What containers and the build cache need of the store: images, and snapshots to mount.
    ///
    /// `tell` gets what is wrong with containers that cannot be read; their snapshots stay too.
    public func contentInUse(tell: (any Error) -> Void) throws -> ContentInUse {
        var inUse = ContentInUse()
        inUse.stacks = try ImageBuilder.stacksInUse(in: paths.data)
        for project in try containers.projects() {
            let (readable, unreadable) = try containers.readableContainers(of: project)
            for container in readable {
                inUse.images.insert(container.record.imageID)
                let layers = container.record.lowerDirectories.map { FilePath($0) }
                inUse.stacks.formUnion(layers.compactMap { ChainID(tree: $0) })
            }
            for (id, fault) in unreadable {
                tell(fault)
                let layers = layers(of: paths.project(project).container(id))
                inUse.stacks.formUnion(layers.compactMap { ChainID(tree: $0) })
            }
        }
        return inUse
    }

    /// What a container is mounted from, by its bundle.
    private func layers(of files: ContainerPaths) -> [FilePath] {
        // Of a bundle that cannot be read either nothing is known.
        let specification = try? JSONFile.readIfPresent(
            RuntimeSpecification.self,
            from: files.specification
        )
        return specification?.extensions.overlay?.lower ?? []
    }
}

extension Host {
    /// Removes what commands that died have left of `project`, and its directories where nothing
    /// was made.
    func tidy(_ project: String) throws {
        try containers.forget(project)
        try volumes.collectGarbage()
        try networks.removeUnfinishedFiles()
    }
}
