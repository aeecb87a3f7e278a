import Dockerfile
public import ImageStore
import Linux
import OCI
import SystemPackage

extension ImageBuilder {
    /// The reason why a build of `request` would not result in `image`, by the keys of its steps;
    /// nil if it would, or if that cannot be known since the build cache was pruned.
    ///
    /// Nothing is run, pulled or downloaded.
    public func staleness(
        of image: Image,
        for request: BuildRequest
    ) async throws(BuildError) -> Staleness? {
        let session = try await open()
        do throws(BuildError) {
            let reason = try await staleness(of: image, request, in: session)
            try await session.close()
            return reason
        } catch {
            try await session.close()
            throw error
        }
    }

    private func staleness(
        of image: Image,
        _ request: BuildRequest,
        in session: BuildSession
    ) async throws(BuildError) -> Staleness? {
        let store = store
        let compilation = Compilation(
            [request],
            images: { name, platform, _ throws(BuildError) in
                let reference: ImageReference
                do { reference = try ImageReference(name) } catch {
                    throw BuildError(.missingImage(name, remedy: "\(error)"))
                }
                let present = try BuildError.during(store: store.image(reference))
                guard let present, platform.accepts(present.platform) else {
                    throw BuildError(.missingImage(name, remedy: "build it again"))
                }
                return present
            },
            makeContext: { path, ignored throws(BuildError) in
                try session.context(path, ignoring: ignored)
            },
            remotes: nil,
            time: session.time,
            notice: { _ in }
        )
        let state = try await compilation.result(of: 0)
        let executor = session.executor(store: store, environment: environment, report: { _ in })
        let vertices = compilation.graph.needed(for: [state.vertex].compactMap(\.self))
        let search = StalenessSearch(executor: executor, image: image, vertices: vertices)
        let verdict = try await onThread { () throws(BuildError) in try search.run() }
        switch verdict {
        case .stale(let reason): return reason
        case .unknown: return nil
        case .found(let layers):
            let wanted = configuration(state, request, session.time)
            let isSame = image.configuration.isSameBuild(as: wanted, layers)
            return isSame ? nil : .configuration
        }
    }
}

/// Looks up the steps of a build in the cache, without running any.
private struct StalenessSearch: Sendable {
    enum Verdict: Sendable {
        case found([Layer])
        case stale(Staleness)
        case unknown
    }

    let executor: StepExecutor
    let image: Image
    /// Each after its inputs.
    let vertices: [Vertex]

    func run() throws(BuildError) -> Verdict {
        var results: [Int: StepResult] = [:]
        for vertex in vertices {
            let inputs = vertex.inputs.compactMap { results[$0.id] }
            let (found, newest) = try executor.lookUp(vertex, inputs)
            if let found {
                results[vertex.id] = found
                continue
            }
            if let newest, let built = image.configuration.created,
                newest.modified > .seconds(built.seconds)
            {
                return .stale(.file(newest.path))
            }
            // If the image's own layers are not in the cache, it was pruned, or is another host's.
            guard let top = image.layers.last?.chainID, executor.cache.stacks.contains(top) else {
                return .unknown
            }
            return .stale(.step(vertex.name))
        }
        return .found(vertices.last.flatMap { results[$0.id]?.layers } ?? [])
    }
}
