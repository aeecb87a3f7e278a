import ContainerNetwork
import ImageBuilder
import ImageStore
import Linux
public import OCI

/// `system prune`: removes what nothing uses, of all projects.
public struct SystemCleanup: Sendable {
    /// What has been removed.
    public struct Report: Sendable, Equatable {
        public var containers: [String] = []
        public var networks: [String] = []
        public var volumes: [String] = []
        public var images: [Digest] = []
        /// The space of all of it, and of the build cache.
        public var bytes: Int64 = 0
        /// A build or pull is in progress, so images and cache were kept.
        public var keptImages = false
    }

    /// Remove images that no container uses although they have names.
    public var removesNamedImages = false
    /// Remove unused anonymous volumes.
    public var removesVolumes = false
    /// Remove only containers and networks that this accepts, by labels and time of creation, and
    /// keep volumes, images and the build cache; nil for no such limit.
    public var filter: (@Sendable (_ labels: [String: String], _ created: Timestamp) -> Bool)?

    public init() {}

    /// Removes stopped containers, then what they used.
    ///
    /// `session` provides each project; `warn` is called with the error of each container that
    /// cannot be read.
    public func run(
        on host: Host,
        session: @Sendable (_ project: String) -> ProjectSession,
        warn: @escaping @Sendable (any Error) -> Void
    ) async throws -> Report {
        var report = Report()
        for project in try host.containers.projects() {
            let (ids, bytes) = try await session(project).change("Pruning") { change in
                try await change.removeStopped { container in
                    filter?(container.record.labels, container.record.created) ?? true
                }
            }
            report.containers += ids
            report.bytes += bytes
        }
        report.networks = try host.pruneNetworks { network in
            filter?(network.labels, Timestamp(seconds: network.created)) ?? true
        }
        guard filter == nil else { return report }
        return try await BackgroundThread.run { [report] in
            try removeContent(on: host, report, warn: warn)
        }
    }

    /// Removes volumes, images and the build cache.
    private func removeContent(
        on host: Host,
        _ earlier: Report,
        warn: @escaping @Sendable (any Error) -> Void
    ) throws -> Report {
        var report = earlier
        if removesVolumes {
            let (names, bytes) = try host.pruneVolumes(where: \.isAnonymous)
            report.volumes = names
            report.bytes += bytes
        }
        let limit = CacheLimit(bytes: 0, keepsLayersOfImages: !removesNamedImages)
        guard
            let images = try host.images.prune(
                named: removesNamedImages,
                uses: { try host.contentInUse(warn: warn) }
            ),
            let cache = try host.pruneBuildCache(beyond: limit, removingMounts: true)
        else {
            report.keptImages = true
            return report
        }
        report.images = images.images
        report.bytes += images.bytes + cache
        return report
    }
}

extension ProjectChange {
    /// Removes the containers that do not run, also those of `run`, and that `isWanted`; returns
    /// their ids and the bytes freed. Their volumes are kept.
    func removeStopped(
        where isWanted: (ExistingContainer) -> Bool
    ) async throws -> (ids: [String], bytes: Int64) {
        try await whileLocked {
            let stopped = try host.containers.containers(of: project).filter {
                !$0.isRunning && isWanted($0)
            }
            let bytes = try stopped.reduce(Int64(0)) { sum, container in
                let files = host.paths.project(project).container(container.id)
                return sum + (try FileSystem.diskUsage(of: files.directory))
            }
            try await execute(StopPlanner.remove(stopped))
            return (stopped.map(\.id), bytes)
        }
    }
}
