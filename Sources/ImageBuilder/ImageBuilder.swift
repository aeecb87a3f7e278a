import Dockerfile
public import ImageStore
import Linux
public import OCI
public import SystemPackage

/// Builds images from Dockerfiles, several at once, with one cache for all.
public struct ImageBuilder: Sendable {
    /// Fetches an image from its registry; nil when the registry has none of that name.
    public typealias Pull = @Sendable (ImageReference, Platform) async throws -> Image?
    /// Fetches a URL into a new file; tells when the file was changed last, if the server does.
    public typealias Fetch = @Sendable (String, FilePath) async throws -> Duration?
    /// Hears of progress, from any thread.
    public typealias Progress = @Sendable (BuildEvent) -> Void

    let store: ImageStore
    private let cache: FilePath
    private let work: FilePath
    private let environment: StepEnvironment
    let pull: Pull?
    private let fetch: Fetch?

    /// `data` is the directory that holds the store: caches and work in progress live beside it.
    public init(
        store: ImageStore,
        data: FilePath,
        environment: StepEnvironment,
        pull: Pull? = nil,
        fetch: Fetch? = nil
    ) {
        self.store = store
        cache = data.appending("cache")
        work = data.appending("build")
        self.environment = environment
        self.pull = pull
        self.fetch = fetch
    }

    /// Builds all `requests` with one solver and gives their images, in the same order.
    ///
    /// Equal steps of several requests run once; the first error ends all of them.
    public func build(
        _ requests: [BuildRequest],
        progress: @escaping Progress
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

    /// The layers that the cache in a data directory may still use: no garbage.
    public static func stacksInUse(in data: FilePath) throws(BuildError) -> Set<ChainID> {
        try StepCache(directory: data.appending("cache").appending("steps")).stacks
    }

    private func open() async throws(BuildError) -> BuildSession {
        let (store, cache, work, networks) = (store, cache, work, environment.networks)
        return try await onThread { () throws(BuildError) in
            try BuildSession(store: store, cache: cache, work: work, networks: networks)
        }
    }

    private func build(
        _ requests: [BuildRequest],
        in session: BuildSession,
        _ progress: @escaping Progress
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
        for (request, state) in zip(requests, states) {
            let layers = state.vertex.flatMap { results[$0.id]?.layers } ?? []
            images.append(
                try await export(state, layers, for: request, at: session.time, progress)
            )
        }
        return images
    }

    private func export(
        _ state: StageState,
        _ layers: [Layer],
        for request: BuildRequest,
        at time: Timestamp,
        _ progress: @escaping Progress
    ) async throws(BuildError) -> Image {
        let store = store
        let step = -1 - (request.name.map { $0.hashValue & 0xFFFF } ?? 0)
        let name = request.name.map { "[\($0)] exporting to image" } ?? "exporting to image"
        progress(.started(step, name: name))
        let start = ContinuousClock.now
        var configuration = ImageConfiguration(platform: state.platform)
        configuration.created = time
        configuration.author = state.author
        configuration.config = state.config
        configuration.config.labels.merge(request.labels) { $1 }
        configuration.history = state.history
        let complete = configuration
        let image = try await onThread { () throws(BuildError) in
            try inStore { () throws(ImageStoreError) in
                let image = try store.image(complete, layers, named: request.tags.first)
                for tag in request.tags { try store.tag(image, as: tag) }
                return image
            }
        }
        progress(.output(step, line: "writing image \(image.id) done", after: .zero))
        for tag in request.tags {
            progress(.output(step, line: "naming to \(tag) done", after: .zero))
        }
        progress(.done(step, after: ContinuousClock.now - start))
        return image
    }
}

/// Runs what blocks on a thread of its own.
func onThread<Value: Sendable>(
    _ body: @escaping @Sendable () throws(BuildError) -> Value
) async throws(BuildError) -> Value {
    let result: Result<Value, BuildError>
    do {
        result = try await BackgroundThread.run { () -> Result<Value, BuildError> in
            Result { () throws(BuildError) in try body() }
        }
    } catch let error as SystemCallError {
        throw BuildError(.system(error))
    } catch {
        throw BuildError(.cancelled)
    }
    return try result.get()
}
