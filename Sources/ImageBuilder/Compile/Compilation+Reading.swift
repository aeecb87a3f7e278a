import Dockerfile
import Linux
import OCI
import SystemPackage

extension Compilation {
    /// A Dockerfile's text, what messages call it, and where it is.
    private struct Source {
        var text: String
        var name: String
        var path: FilePath?
    }

    /// Reads a request's Dockerfile and ignore file, and finds its target.
    func read(_ request: BuildRequest) throws(BuildError) -> Recipe {
        let source = try source(of: request)
        let context = try context(of: request, dockerfile: source.path)
        do {
            let dockerfile = try Dockerfile(parsing: source.text, file: source.name)
            let target = try dockerfile.target(request.target)
            return Recipe(
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

    private func source(of request: BuildRequest) throws(BuildError) -> Source {
        switch request.recipe {
        case .inline(let text):
            return Source(text: text, name: request.name.map { "\($0):Dockerfile" } ?? "Dockerfile")
        case .file(let written):
            let path = request.context.pushing(written)
            var name = path
            if !name.removePrefix(request.context) || name.isEmpty { name = written }
            do {
                return Source(text: try FileSystem.readText(path), name: name.string, path: path)
            } catch {
                throw BuildError(.unreadableDockerfile(error))
            }
        }
    }

    /// The context without what its ignore file hides; one for all requests that see the same.
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
            let text: String
            do { text = try FileSystem.readText(candidate) } catch {
                throw BuildError(.system(error))
            }
            let name = candidate.lastComponent?.string ?? ""
            let patterns: IgnorePatterns
            do { patterns = try IgnorePatterns(parsing: text, file: name) } catch {
                throw BuildError(.dockerfile(error))
            }
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

    /// The values of ARGs before the first FROM, and of the platform.
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
