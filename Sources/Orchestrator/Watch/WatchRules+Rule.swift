import ComposeFile
import SystemPackage

extension WatchRules {
    /// One rule of a service.
    struct Rule: Sendable {
        let service: String
        let index: Int
        let action: WatchRule.Action
        let path: FilePath
        /// Where what is at `path` goes; nil when nothing is copied.
        let target: String?
        let copiesFirst: Bool
        let dockerfile: String?
        let included: PathFilter?
        let ignored: [PathFilter]
    }
}

extension WatchRules.Rule {
    func takes(_ path: FilePath) -> Bool {
        guard let relative = path.relative(to: self.path),
            !relative.components.contains(where: \.isTemporary)
        else { return false }
        return included?.matches(path) != false && !ignored.contains { $0.matches(path) }
    }

    /// Whether everything in a directory below is ignored.
    func leavesOut(_ directory: FilePath) -> Bool {
        directory.relative(to: path)?.components.contains(where: \.isTemporary) == true
            || ignored.contains { $0.matchesAll(in: directory) }
    }

    /// Whether a file says how services are built or run.
    func describes(_ path: FilePath) -> Bool {
        let own = dockerfile.flatMap { FilePath($0).lastComponent?.string }
        let stems = ["compose", "docker-compose", "compose.override", "docker-compose.override"]
        let names = ["Dockerfile"] + stems.flatMap { ["\($0).yaml", "\($0).yml"] }
        guard let name = path.lastComponent?.string else { return false }
        return name == own || names.contains(name)
    }

    /// Where `path` goes in the container; a file goes into a target that ends in `/`.
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
