public import ContainerNetwork
import ContainerRuntime
public import ImageBuilder
public import ImageStore
import Linux
import OCI
import SystemPackage

/// The images, networks, volumes and containers of this host.
public struct Host: Sendable {
    public let paths: DataPaths
    public let images: ImageStore
    public let networks: NetworkStore
    public let volumes: VolumeStore
    public let containers: ContainerStore

    /// `onDamage` is called when damage of the image store was repaired or worked around.
    public init(
        _ paths: DataPaths,
        onDamage: @escaping @Sendable (StoreDamage) -> Void = { _ in }
    ) throws {
        self.paths = paths
        images = try ImageStore(root: paths.data, onDamage: onDamage)
        networks = NetworkStore(directory: paths.networks)
        volumes = VolumeStore(directory: paths.volumes)
        containers = ContainerStore(paths)
    }

    /// The journal of this host's events.
    public var journal: HostEventJournal { HostEventJournal(paths) }

    /// The cache of image builds.
    public var buildCache: BuildCache { BuildCache(store: images, data: paths.data) }

    /// The containers of `project`, with every network and volume of the host.
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
    /// The images and snapshots that containers and the build cache use.
    ///
    /// `warn` is called with the error of each container that cannot be read; the snapshots named
    /// by its bundle count as used all the same.
    public func contentInUse(warn: (any Error) -> Void) throws -> ContentInUse {
        var inUse = ContentInUse()
        inUse.stacks = try buildCache.stacks()
        for project in try containers.projects() {
            let (readable, unreadable) = try containers.readableContainers(of: project)
            for container in readable {
                inUse.images.insert(container.record.imageID)
                let layers = container.record.lowerDirectories.map { FilePath($0) }
                inUse.stacks.formUnion(layers.compactMap { ChainID(tree: $0) })
            }
            for (id, fault) in unreadable {
                warn(fault)
                let layers = layers(of: paths.project(project).container(id))
                // Collecting snapshots of a running container would destroy its file system.
                if layers.isEmpty { throw fault }
                inUse.stacks.formUnion(layers.compactMap { ChainID(tree: $0) })
            }
        }
        return inUse
    }

    /// The snapshot directories that a container's bundle names.
    private func layers(of files: ContainerPaths) -> [FilePath] {
        // An unreadable bundle names no snapshots.
        let specification = try? JSONFile.readIfPresent(
            RuntimeSpecification.self,
            from: files.specification
        )
        return specification?.extensions.overlay?.lower ?? []
    }
}

extension Host {
    /// Removes what killed commands have left of `project`, and its directories if it has no
    /// containers.
    func tidy(_ project: String) throws {
        try containers.forget(project)
        try volumes.collectGarbage()
        try networks.removeUnfinishedFiles()
    }
}

extension Host {
    /// Removes cache records beyond `limit` and the layers that nothing uses any more, and
    /// returns the bytes freed; nil if a build or pull is in progress.
    ///
    /// Untagged images are kept.
    public func pruneBuildCache(
        beyond limit: CacheLimit,
        removingMounts: Bool
    ) throws -> Int64? {
        let cache = buildCache
        guard let lock = try images.exclusiveLock() else { return nil }
        let freed = try lock.whileHeld { () throws(BuildError) -> Int64 in
            try cache.removeSteps(beyond: limit)
            return removingMounts ? try cache.removeMounts() : 0
        }
        return try collectLayers { _ in }.map { $0.bytes + freed }
    }

    /// Removes layers that no image, container or cache record uses; returns nil without removing
    /// anything if a build or pull is in progress. Untagged images are kept.
    ///
    /// `warn` is called with the error of each container that cannot be read; its layers are kept.
    public func collectLayers(warn: (any Error) -> Void) throws -> GarbageReport? {
        try images.collectGarbage(inUse: contentInUse(warn: warn), unwanted: { _ in false })
    }
}
