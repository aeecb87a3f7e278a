import ComposeFile
import Dockerfile
import SystemPackage
import YAML

extension Service {
    /// Throws if a rule needs an attribute that this service lacks.
    func check(_ rule: WatchRule, _ index: Int) throws(OrchestratorError) {
        let place = place(of: "develop", "watch", String(index))
        if rule.action == .rebuild, build == nil {
            throw .unsupported(
                place,
                reason: "can't watch service \"\(name)\" with action rebuild without a build "
                    + "context; add a 'build' section, or use 'restart' or 'sync'"
            )
        }
        if rule.action == .syncAndExec, rule.exec?.command?.isEmpty != false {
            throw .unsupported(
                place,
                reason: "can't watch with action \"sync+exec\" on service \(name) without a "
                    + "command; add 'exec' with a 'command'"
            )
        }
    }

    /// Whether `path` is bind-mounted into the containers.
    func mounts(_ path: FilePath) -> Bool {
        volumes.contains { mount in
            guard mount.kind == .bind, let source = mount.source else { return false }
            return path.starts(with: FilePath(source).lexicallyNormalized())
        }
    }

    /// The filter for patterns of a rule, relative to the rule's path.
    func filter(
        _ patterns: [String],
        below path: FilePath,
        of rule: Int,
        _ attribute: String
    ) throws -> PathFilter {
        let location = location(of: "develop", "watch", String(rule), attribute)
        let position = SourcePosition(
            file: location?.file ?? "",
            line: location?.line ?? 0,
            column: location?.column ?? 1
        )
        return PathFilter(try IgnorePatterns(patterns: patterns, at: position), below: path)
    }
}
