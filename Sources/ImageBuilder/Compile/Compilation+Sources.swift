import Dockerfile
import ImageStore
import OCI

extension Compilation {
    /// The state that FROM starts with: of an image, an earlier stage, or nothing.
    func base(
        of stage: Stage,
        _ resolved: ResolvedRequest,
        _ key: StageKey
    ) async throws(BuildError) -> StageState {
        let request = requests[key.request]
        let (name, wanted) = try expandedBase(of: stage, resolved, request)
        if request.namedContexts[name] == nil {
            if case .stage(let index) = resolved.dockerfile.base(name, ofStage: stage.index) {
                var state = try await self.stage(StageKey(request: key.request, stage: index))
                state.hasOwnCommand = false
                return state
            }
            if name == "scratch" { return scratch(wanted ?? request.platform ?? .host) }
        }
        let platform = wanted ?? request.platform ?? .host
        switch request.namedContexts[name] {
        case .directory, .layout:
            throw BuildError(
                .unsupported("FROM the directory or OCI layout '\(name)'", remedy: "use an image")
            )
        case .request(let other):
            return try await result(ofRequest: other)
        case .image(let reference):
            return try await image(named: reference.description, platform, stage, resolved, key)
        case nil:
            return try await image(named: name, platform, stage, resolved, key)
        }
    }

    private func expandedBase(
        of stage: Stage,
        _ resolved: ResolvedRequest,
        _ request: BuildRequest
    ) throws(BuildError) -> (name: String, platform: Platform?) {
        let globals = resolved.globals
        let expansion = Expansion(
            escape: resolved.dockerfile.directives.escape,
            at: stage.from.position
        ) { globals[$0] }
        do throws(DockerfileError) {
            let name = try expansion.word(stage.base.name)
            guard !name.isEmpty else {
                throw DockerfileError(.emptyBaseName(stage.base.name), at: stage.from.position)
            }
            guard let flag = stage.from.flag("platform") else { return (name, nil) }
            let text = try expansion.word(flag)
            guard let platform = Self.platform(text) else {
                let problem = DockerfileError.Problem.badFlagValue(
                    flag: "platform",
                    value: text,
                    needed: "os/architecture, such as linux/amd64"
                )
                throw DockerfileError(problem, at: stage.from.position)
            }
            return (name, platform)
        } catch {
            throw BuildError(.dockerfile(error))
        }
    }

    private static func platform(_ text: String) -> Platform? {
        do { return try Platform(text) } catch { return nil }
    }

    private func scratch(_ platform: Platform) -> StageState {
        var state = StageState(platform: platform)
        state.setEnvironment("PATH", to: ImageConfiguration.Config.defaultPath)
        return state
    }

    private func image(
        named name: String,
        _ platform: Platform,
        _ stage: Stage,
        _ resolved: ResolvedRequest,
        _ key: StageKey
    ) async throws(BuildError) -> StageState {
        let request = requests[key.request]
        let image = try await images(name, platform, request)
        var state = StageState(platform: image.platform)
        state.config = image.configuration.config
        state.author = image.configuration.author
        state.history = image.configuration.history
        state.takeEnvironment()
        let text = StageCompiler.name(
            request: request,
            dockerfile: resolved.dockerfile,
            stage: stage,
            step: 1,
            of: 1
                + stage.instructions.count { [.run, .copy, .add, .workdir].contains($0.keyword) },
            text: "FROM \(name)"
        )
        state.vertex = vertex(image, name: text)
        return state
    }

    func vertex(_ image: Image, name: String) -> Vertex {
        graph.add(.image(image), over: nil, name: name, origin: nil, ignoresCache: false)
    }

    func result(ofRequest name: String) async throws(BuildError) -> StageState {
        guard let index = requests.firstIndex(where: { $0.name == name }) else {
            throw BuildError(.unknownContext(name))
        }
        return try await result(of: index)
    }

    /// The meaning of a name in `--from` or in a mount.
    enum FileSource {
        case context(BuildContext)
        /// The result of a step; nil for an empty tree.
        case step(Vertex?)
    }

    func source(
        named name: String,
        at position: SourcePosition,
        _ key: StageKey
    ) async throws(BuildError) -> FileSource {
        let request = requests[key.request]
        switch request.namedContexts[name] {
        case .directory(let path):
            return .context(try context(at: path, ignoring: IgnorePatterns(), text: ""))
        case .request(let other): return .step(try await result(ofRequest: other).vertex)
        case .layout:
            throw BuildError(
                .unsupported("the OCI layout '\(name)'", remedy: "load it and use the image's name")
            )
        case .image(let reference):
            return .step(try await imageStep(reference.description, request))
        case nil: break
        }
        let dockerfile = try resolved(of: key.request).dockerfile
        let reference = try BuildError.during(
            reading: dockerfile.source(name, inStage: key.stage, at: position)
        )
        switch reference {
        case .stage(let index):
            return .step(try await stage(StageKey(request: key.request, stage: index)).vertex)
        case .external("scratch"): return .step(nil)
        case .external(let name): return .step(try await imageStep(name, request))
        }
    }

    private func imageStep(
        _ name: String,
        _ request: BuildRequest
    ) async throws(BuildError) -> Vertex {
        let image = try await images(name, request.platform ?? .host, request)
        return vertex(image, name: "[\(request.name.map { $0 + " " } ?? "")internal] FROM \(name)")
    }
}
