import ImageBuilder
public import ImageStore
import Linux
import OCI
import SystemPackage

/// The disk space that this host's content takes up, as `docker system df` counts it.
public struct SystemUsage: Sendable, Equatable {
    public var images = DiskUsage()
    /// The writable layers and records of containers; active are the running ones.
    public var containers = DiskUsage()
    public var volumes = DiskUsage()
    /// The build cache, apart from what images share with it.
    public var buildCache = DiskUsage()

    public init() {}
}

extension Host {
    /// The disk space of images, containers, volumes and the build cache.
    ///
    /// Reads the status of every file. `warn` is called with the error of each container that
    /// cannot be read.
    public func diskUsage(warn: (any Error) -> Void) throws -> SystemUsage {
        var usage = SystemUsage()
        var uses = ContentInUse()
        var usedVolumes: Set<String> = []
        for project in try containers.projects() {
            let (readable, unreadable) = try containers.readableContainers(of: project)
            for container in readable {
                let record = container.record
                uses.images.insert(record.imageID)
                uses.stacks.formUnion(
                    record.lowerDirectories.compactMap { ChainID(tree: FilePath($0)) }
                )
                usedVolumes.formUnion(record.volumes.map(\.name))
                let directory = paths.project(project).container(record.id).directory
                usage.containers.add(
                    bytes: try FileSystem.diskUsage(of: directory),
                    isActive: [.running, .paused, .restarting].contains(container.state.status)
                )
            }
            for (_, fault) in unreadable { warn(fault) }
        }
        for volume in try volumes.all() {
            usage.volumes.add(
                bytes: try FileSystem.diskUsage(of: volumes.content(of: volume.name)),
                isActive: usedVolumes.contains(volume.name)
            )
        }
        let cached = try buildCache.stacks()
        (usage.images, usage.buildCache) = try images.diskUsage(containers: uses, cached: cached)
        return usage
    }
}

extension DiskUsage {
    fileprivate mutating func add(bytes: Int64, isActive: Bool) {
        count += 1
        total += bytes
        if isActive { active += 1 } else { reclaimable += bytes }
    }
}
