import Dockerfile
import Synchronization
import SystemPackage

/// Patterns of a `.dockerignore`, relative to a directory.
final class PathFilter: Sendable {
    private let root: FilePath
    private let patterns: IgnorePatterns
    /// Cached results for directories, which are needed for each file below.
    private let folders = Mutex<[FilePath: IgnorePatterns.Inherited]>([:])

    init(_ patterns: IgnorePatterns, below root: FilePath) {
        self.root = root
        self.patterns = patterns
    }

    /// Whether a pattern matches `path`, or a directory above it, below the root.
    func matches(_ path: FilePath) -> Bool {
        guard !patterns.isEmpty, let relative = path.relative(to: root), !relative.isEmpty else {
            return false
        }
        return patterns.verdict(
            on: relative.string,
            in: inherited(relative.removingLastComponent())
        )
        .isIgnored
    }

    /// Whether every path in a directory matches.
    func matchesAll(in directory: FilePath) -> Bool {
        !patterns.hasExceptions && matches(directory)
    }

    private func inherited(_ folder: FilePath) -> IgnorePatterns.Inherited {
        if folder.isEmpty { return .init() }
        if let known = folders.withLock({ $0[folder] }) { return known }
        let above = inherited(folder.removingLastComponent())
        let verdict = patterns.verdict(on: folder.string, in: above)
        folders.withLock { $0[folder] = verdict }
        return verdict
    }
}

extension FilePath {
    /// The path relative to `root`: empty for the root, nil for a path outside of it.
    func relative(to root: FilePath) -> FilePath? {
        var rest = self
        return rest.removePrefix(root) ? rest : nil
    }
}

extension FilePath.Component {
    /// Whether it is a temporary file of an editor or belongs to version control.
    var isTemporary: Bool {
        let name = string
        if [".git", ".idea", "4913"].contains(name) || name.hasSuffix("~") { return true }
        if name.hasPrefix(".#") || name.hasPrefix("#") && name.hasSuffix("#") { return true }
        if ["___jb_tmp___", "___jb_old___"].contains(where: name.hasSuffix) { return true }
        return name.hasPrefix(".")
            && [".swn", ".swo", ".swp", ".swx"].contains(where: name.hasSuffix)
    }
}
