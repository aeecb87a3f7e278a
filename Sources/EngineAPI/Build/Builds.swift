import Dockerfile
import ImageBuilder
import ImageStore
import Linux
import Notation
import OCI
import Orchestrator
import Registry
import Synchronization
import SystemPackage

extension Engine {
    /// `POST /build`.
    func build(_ request: Request, _ response: Response) async throws {
        let parameters = BuildParameters(query: request.query)
        let credentials = try ClientLogins.credentials(of: request)
        let directory = try ScratchDirectory(in: host.paths.data)
        defer { directory.remove() }
        var asked = try parameters.request(context: directory.path.appending("context"))
        if !asked.ignoresCache { asked.ignoresCache = try !permitsCache(request.query) }
        let text = try await unpackContext(of: request, parameters, into: asked.context)
        asked.recipe = .inline(text)
        let lines: ClassicBuildLines
        do {
            let dockerfile = try Dockerfile(parsing: text, file: parameters.dockerfile)
            lines = try ClassicBuildLines(dockerfile, target: asked.target)
        } catch {
            throw EngineError.badRequest("dockerfile parse error: \(error)")
        }
        let builder = imageBuilder(registry(credentials))
        try await ProgressLines.respond(to: request, with: response) { [self, asked] progress in
            let report = BuildReport(lines, isQuiet: parameters.isQuiet, to: progress)
            do throws(BuildError) {
                let images = try await builder.build([asked]) { report.receive($0) }
                guard let image = images.first else { return }
                report.finish(image, asked.tags)
                for tag in asked.tags { self.report("tag", image, tag) }
            } catch {
                report.fail(error)
            }
        }
    }

    /// Whether steps may come from the cache: `cachefrom` names the images that may serve, one of
    /// which must exist.
    private func permitsCache(_ query: Query) throws -> Bool {
        let names = try query.document("cachefrom").strings ?? []
        return try names.isEmpty || names.contains { try host.images.image(named: $0) != nil }
    }

    private func imageBuilder(_ registry: Registry) -> ImageBuilder {
        let (host, environment) = (host, environment)
        return ImageBuilder(
            store: host.images,
            data: host.paths.data,
            environment: StepEnvironment(
                executable: executable,
                networks: host.paths.networks,
                variables: environment.map { "\($0.key)=\($0.value)" },
                secretsDirectory: host.paths.run.appending("secrets")
            ),
            collectGarbage: {
                // An unreadable container keeps its layers, and its own requests report it.
                _ = try host.collectLayers { _ in }
            },
            pull: { reference, platform in
                do throws(RegistryError) {
                    return try await registry.pull(
                        reference,
                        into: host.images,
                        platform: platform
                    )
                } catch {
                    throw Self.pullError(error, reference)
                }
            },
            fetch: { url, file in
                try await Download(environment: environment).fetch(url, to: file)
            }
        )
    }

    /// `POST /build/prune`.
    func pruneBuildCache(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(request.query, known: ["until", "unused-for"])
        var limit = CacheLimit(bytes: 0, keepsLayersOfImages: !request.query.flag("all"))
        for name in ["max-used-space", "min-free-space"] where request.query[name] != nil {
            throw EngineError.unsupported(name, "this limit is not supported; use reserved-space")
        }
        let kept =
            try request.query.number("reserved-space") ?? request.query.number("keep-storage")
        if let kept { limit.bytes = Int64(kept) }
        for text in filters["until"] + filters["unused-for"] {
            guard let age = GoDuration.duration(of: text), age >= .zero else {
                throw EngineError.badRequest("invalid filter 'until=[\(text)]'")
            }
            limit.age = limit.age.map { min($0, age) } ?? age
        }
        if limit.age != nil, kept == nil { limit.bytes = .max }
        // Mount caches have no record of their last use.
        let removesMounts = limit.age == nil && kept == nil
        let (host, wanted) = (host, limit)
        let freed = try await BackgroundThread.run {
            try host.pruneBuildCache(beyond: wanted, removingMounts: removesMounts)
        }
        guard let freed else {
            throw EngineError.conflict("a build or pull is in progress; try again later")
        }
        try await response.send(["CachesDeleted": nil, "SpaceReclaimed": .integer(freed)])
    }
}

/// Reports a build to a client.
private final class BuildReport: Sendable {
    private let lines: Mutex<ClassicBuildLines>
    private let isQuiet: Bool
    private let progress: ProgressLines

    init(_ lines: ClassicBuildLines, isQuiet: Bool, to progress: ProgressLines) {
        var lines = lines
        self.isQuiet = isQuiet
        self.progress = progress
        if !isQuiet { for text in lines.opening() { progress.send(text: text) } }
        self.lines = Mutex(lines)
    }

    func receive(_ event: BuildEvent) {
        let texts = lines.withLock { $0.lines(for: event) }
        guard !isQuiet else { return }
        for text in texts { progress.send(text: text) }
    }

    func finish(_ image: Image, _ tags: [ImageReference]) {
        guard !isQuiet else { return progress.send(text: "\(image.id)") }
        for text in lines.withLock({ $0.rest() }) { progress.send(text: text) }
        progress.send(["aux": ["ID": .string("\(image.id)")]])
        progress.send(text: "Successfully built \(image.id.short)")
        for tag in tags { progress.send(text: "Successfully tagged \(tag.familiar)") }
    }

    /// Reports the error in docker's words, from which its client takes the exit status.
    func fail(_ error: BuildError) {
        var detail: JSON = ["message": .string(error.reason)]
        if case .processFailed(let command, let code) = error.problem {
            let message = "The command '\(command)' returned a non-zero code: \(code)"
            detail = ["message": .string(message), "code": JSON(code)]
        }
        progress.send(["errorDetail": detail, "error": detail["message"]])
    }
}
