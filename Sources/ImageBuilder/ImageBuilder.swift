import Dockerfile
public import ImageStore
import Linux
public import OCI
public import SystemPackage

/// Builds images from Dockerfiles, several at a time, with one cache.
public struct ImageBuilder: Sendable {
    /// Pulls an image; returns nil if the registry has no such image.
    public typealias Pull = @Sendable (ImageReference, Platform) async throws -> Image?

    let store: ImageStore
    private let data: FilePath
    private let cache: FilePath
    private let work: FilePath
    let environment: StepEnvironment
    private let cacheLimit: CacheLimit
    private let collectGarbage: @Sendable () throws -> Void
    let pull: Pull?
    private let fetch: FileDownload?

    /// A builder for the store in the directory `data`, which also holds caches and builds in
    /// progress.
    public init(
        store: ImageStore,
        data: FilePath,
        environment: StepEnvironment,
        cacheLimit: CacheLimit = .standard,
        collectGarbage: @escaping @Sendable () throws -> Void = {},
        pull: Pull? = nil,
        fetch: FileDownload? = nil
    ) {
        self.store = store
        cache = BuildCache.directory(in: data)
        self.data = data
        work = data.appending("build")
        self.environment = environment
        self.cacheLimit = cacheLimit
        self.collectGarbage = collectGarbage
        self.pull = pull
        self.fetch = fetch
    }

    /// Builds all `requests` and returns their images in the same order.
    ///
    /// Equal steps of several requests run once; the first error cancels the whole build.
    public func build(
        _ requests: [BuildRequest],
        progress: @escaping BuildProgress
    ) async throws(BuildError) -> [Image] {
        let images = try await buildInSession(requests, progress)
        do {
            try await limitCache()
        } catch {
            // The images are complete; the next build tries again.
            progress(.notice("WARN: the build cache could not be pruned: \(error.reason)"))
        }
        return images
    }

    private func buildInSession(
        _ requests: [BuildRequest],
        _ progress: @escaping BuildProgress
    ) async throws(BuildError) -> [Image] {
        let session = try await open()
        do throws(BuildError) {
            let images = try await build(requests, in: session, progress)
            try await session.close()
            return images
        } catch {
            try await session.close()
            throw error
        }
    }

    /// Removes the least recently used records once the cache exceeds its limit.
    private func limitCache() async throws(BuildError) {
        let (cache, limit) = (BuildCache(store: store, data: data), cacheLimit)
        let collectGarbage = collectGarbage
        try await onThread { () throws(BuildError) in
            guard try cache.removeSteps(beyond: limit) > 0 else { return }
            do { try collectGarbage() } catch {
                throw BuildError(.garbage(reason: "\(error)"))
            }
        }
    }

    func open() async throws(BuildError) -> BuildSession {
        let (store, cache, work, networks) = (store, cache, work, environment.networks)
        return try await onThread { () throws(BuildError) in
            try BuildSession(store: store, cache: cache, work: work, networks: networks)
        }
    }

    private func build(
        _ requests: [BuildRequest],
        in session: BuildSession,
        _ progress: @escaping BuildProgress
    ) async throws(BuildError) -> [Image] {
        let compilation = Compilation(
            requests,
            images: { name, platform, request throws(BuildError) in
                try await image(name, platform, request)
            },
            makeContext: { path, ignored throws(BuildError) in
                try session.context(path, ignoring: ignored)
            },
            remotes: fetch.map {
                RemoteSources(fetch: $0, session: session, progress: progress)
            },
            time: session.time,
            notice: { progress(.notice($0)) }
        )
        var states: [StageState] = []
        for index in requests.indices {
            states.append(try await compilation.result(of: index))
        }
        let solver = Solver(
            executor: session.executor(store: store, environment: environment, report: progress),
            cancellation: session.cancellation,
            report: progress,
            width: 8
        )
        let needed = compilation.graph.needed(for: states.compactMap(\.vertex))
        let results = try await solver.solve(needed)
        var images: [Image] = []
        for index in requests.indices {
            let layers = states[index].vertex.flatMap { results[$0.id]?.layers } ?? []
            let configuration = configuration(states[index], requests[index], session.time)
            images.append(
                try await export(configuration, layers, of: requests[index], index, progress)
            )
        }
        return images
    }

    func configuration(
        _ state: StageState,
        _ request: BuildRequest,
        _ time: Timestamp
    ) -> ImageConfiguration {
        var configuration = ImageConfiguration(platform: state.platform)
        configuration.created = time
        configuration.author = state.author
        configuration.config = state.config
        configuration.config.labels.merge(request.labels) { $1 }
        configuration.history = state.history
        return configuration
    }

    /// Adds the image to the store and tags it.
    private func export(
        _ configuration: ImageConfiguration,
        _ layers: [Layer],
        of request: BuildRequest,
        _ index: Int,
        _ progress: @escaping BuildProgress
    ) async throws(BuildError) -> Image {
        let store = store
        let step = BuildEvent.StepID.export(index)
        let name = request.name.map { "[\($0)] exporting to image" } ?? "exporting to image"
        progress(.started(step, name: name))
        let start = ContinuousClock.now
        let image = try await onThread { () throws(BuildError) in
            let image = try BuildError.during(
                store: store.image(configuration, layers, named: request.tags.first)
            )
            for tag in request.tags { try BuildError.during(store: store.tag(image, as: tag)) }
            return image
        }
        progress(.output(step, line: "writing image \(image.id) done", after: .zero))
        for tag in request.tags {
            progress(.output(step, line: "naming to \(tag) done", after: .zero))
        }
        progress(.done(step, after: ContinuousClock.now - start))
        return image
    }
}
