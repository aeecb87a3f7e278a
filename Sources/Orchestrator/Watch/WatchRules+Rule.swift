import ComposeFile
import SystemPackage

extension WatchRules {
    /// A rule of a service.
    struct Rule: Sendable {
        let service: String
        let index: Int
        let action: WatchRule.Action
        let path: FilePath
        /// The destination of `path` in the container; nil if nothing is copied.
        let target: String?
        let hasInitialSync: Bool
        let dockerfile: String?
        let included: PathFilter?
        let ignored: [PathFilter]
    }
}

extension WatchRules.Rule {
    /// Whether the rule applies to `path`.
    func applies(to path: FilePath) -> Bool {
        guard let relative = path.relative(to: self.path),
            !relative.components.contains(where: \.isTemporary)
        else { return false }
        return included?.matches(path) != false && !ignored.contains { $0.matches(path) }
    }

    /// Whether every path in a directory is ignored.
    func ignoresAll(in directory: FilePath) -> Bool {
        directory.relative(to: path)?.components.contains(where: \.isTemporary) == true
            || ignored.contains { $0.matchesAll(in: directory) }
    }

    /// Whether `path` is a Compose file or Dockerfile.
    func isDefinition(_ path: FilePath) -> Bool {
        let own = dockerfile.flatMap { FilePath($0).lastComponent?.string }
        let stems = ["compose", "docker-compose", "compose.override", "docker-compose.override"]
        let names = ["Dockerfile"] + stems.flatMap { ["\($0).yaml", "\($0).yml"] }
        guard let name = path.lastComponent?.string else { return false }
        return name == own || names.contains(name)
    }

    /// The destination of `path`; a target that ends in `/` is a directory.
    func target(of path: FilePath) -> String? {
        guard let target, let relative = path.relative(to: self.path) else { return nil }
        var result = FilePath(root: "/", FilePath(target).components)
        if !relative.isEmpty {
            result.append(relative.components)
        } else if target.hasSuffix("/"), let name = path.lastComponent {
            result.append(name)
        }
        return result.lexicallyNormalized().string
    }
}
