import ArgumentParser
import ImageBuilder
import ImageStore
import Notation
import Orchestrator
import Registry
import SystemPackage

extension Session {
    /// The builder of this machine; its RUN steps are started through our own program.
    ///
    /// Throws if `SWIFTCOMPOSE_BUILD_CACHE_LIMIT` is not a size.
    func imageBuilder(_ host: Host) throws -> ImageBuilder {
        ImageBuilder(
            store: host.images,
            data: paths.data,
            environment: StepEnvironment(
                executable: executable,
                networks: paths.networks,
                variables: environment.map { "\($0.key)=\($0.value)" },
                secretsDirectory: paths.run.appending("secrets")
            ),
            cacheLimit: try cacheLimit,
            collectGarbage: {
                // An unreadable container keeps its layers, and its own commands report it.
                _ = try host.collectLayers { _ in }
            },
            pull: { reference, platform in
                try await fetch(reference, for: platform, into: host.images) { _ in }
            },
            fetch: { url, file in
                try await Download(environment: environment).fetch(url, to: file)
            }
        )
    }

    /// Runs `work`, which builds images, and shows its progress on standard error, or as lines
    /// passed to `write`.
    func showingBuild<Result: Sendable>(
        isQuiet: Bool = false,
        write: (@Sendable (String) -> Void)? = nil,
        _ work: (@escaping BuildProgress) async throws -> Result
    ) async throws -> Result {
        let display = BuildDisplay(
            mode: isQuiet ? .quiet : progressMode,
            output: progressOutput,
            write: write
        )
        defer { display.finish() }
        return try await withThrowingDiscardingTaskGroup { group in
            group.addTask { await display.animate() }
            defer { group.cancelAll() }
            return try await work(display.sink)
        }
    }

    private var cacheLimit: CacheLimit {
        get throws {
            let name = "SWIFTCOMPOSE_BUILD_CACHE_LIMIT"
            guard let text = environment[name], !text.isEmpty else { return .standard }
            guard let size = ByteCount(parsing: text) else {
                throw ValidationError("\(name)=\(text): use bytes, 500m or 5g")
            }
            return CacheLimit(bytes: size.bytes)
        }
    }
}
