import Dockerfile
import Linux
import OCI
import SystemPackage

extension Compilation {
    /// The text of a Dockerfile, its name in messages, and its path.
    private struct DockerfileText {
        var text: String
        var name: String
        var path: FilePath?
    }

    /// Reads the Dockerfile and the ignore file of a request and finds its target.
    func read(_ request: BuildRequest) throws(BuildError) -> ResolvedRequest {
        let source = try source(of: request)
        let context = try context(of: request, dockerfile: source.path)
        do {
            let dockerfile = try Dockerfile(parsing: source.text, file: source.name)
            let target = try dockerfile.target(request.target)
            return ResolvedRequest(
                dockerfile: dockerfile,
                context: context,
                globals: try globals(of: dockerfile, request, target: target),
                target: target
            )
        } catch {
            let lines = source.text.split(separator: "\n", omittingEmptySubsequences: false)
            let origin = Origin(
                dockerfile: lines.map(String.init),
                position: error.position,
                lastLine: error.position.line
            )
            throw BuildError(.dockerfile(error)).located(at: origin)
        }
    }

    private func source(of request: BuildRequest) throws(BuildError) -> DockerfileText {
        switch request.recipe {
        case .inline(let text):
            return DockerfileText(
                text: text,
                name: request.name.map { "\($0):Dockerfile" } ?? "Dockerfile"
            )
        case .file(let written):
            let path = request.context.pushing(written)
            var name = path
            if !name.removePrefix(request.context) || name.isEmpty { name = written }
            do {
                return DockerfileText(
                    text: try Self.readText(path, allowsPipe: true),
                    name: name.string,
                    path: path
                )
            } catch {
                throw BuildError(.unreadableDockerfile(error))
            }
        }
    }

    /// Reads a text file up to just over the size limit of Dockerfiles.
    ///
    /// The file may come from anywhere, so one that never ends, or a FIFO that nothing writes to,
    /// must not hold up the build. A Dockerfile may be the pipe of a shell's `<(command)`.
    private static func readText(
        _ path: FilePath,
        allowsPipe: Bool
    ) throws(SystemCallError) -> String {
        let file = try Descriptor.open(path, .nonBlocking)
        let kind = try file.status().kind
        guard kind == .regular || allowsPipe && kind == .fifo else {
            let reason: Errno = kind == .directory ? .isDirectory : .invalidArgument
            throw SystemCallError(call: "read", subject: path.string, reason: reason)
        }
        try file.setNonBlocking(false)
        var bytes: [UInt8] = []
        while bytes.count <= DockerfileError.sizeLimit {
            let chunk = try file.read()
            if chunk.isEmpty { break }
            bytes += chunk
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The context without ignored files; requests with the same files share one.
    private func context(
        of request: BuildRequest,
        dockerfile: FilePath?
    ) throws(BuildError) -> BuildContext {
        var candidates = [request.context.appending(".dockerignore")]
        if let dockerfile {
            let own = (dockerfile.lastComponent?.string ?? "") + ".dockerignore"
            candidates.insert(dockerfile.removingLastComponent().appending(own), at: 0)
        }
        for candidate in candidates where FileSystem.exists(candidate) {
            let text = try BuildError.during(Self.readText(candidate, allowsPipe: false))
            let name = candidate.lastComponent?.string ?? ""
            let patterns = try BuildError.during(
                reading: IgnorePatterns(parsing: text, file: name)
            )
            return try context(at: request.context, ignoring: patterns, text: text)
        }
        return try context(at: request.context, ignoring: IgnorePatterns(), text: "")
    }

    func context(
        at path: FilePath,
        ignoring patterns: IgnorePatterns,
        text: String
    ) throws(BuildError) -> BuildContext {
        let key = path.string + "\n" + text
        if let context = contexts[key] { return context }
        let context = try makeContext(path, patterns)
        contexts[key] = context
        return context
    }

    /// The values of the ARGs before the first FROM and of the platform arguments.
    private func globals(
        of dockerfile: Dockerfile,
        _ request: BuildRequest,
        target: Stage
    ) throws(DockerfileError) -> [String: String] {
        var globals = PlatformArguments.values(
            target: request.platform ?? .host,
            build: .host,
            stage: target.base.alias ?? "default"
        )
        for instruction in dockerfile.globalArguments {
            guard case .arg(let declarations) = instruction.content else { continue }
            for declaration in declarations {
                let known = globals
                let expansion = Expansion(
                    escape: dockerfile.directives.escape,
                    at: instruction.position
                ) { known[$0] }
                if let given = request.arguments[declaration.name] {
                    globals[declaration.name] = given
                } else if let written = declaration.value {
                    globals[declaration.name] = try expansion.word(written)
                }
            }
        }
        return globals
    }
}
