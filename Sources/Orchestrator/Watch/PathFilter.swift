import Dockerfile
import Synchronization
import SystemPackage

/// Patterns of a `.dockerignore` with the directory that they start from.
final class PathFilter: Sendable {
    private let root: FilePath
    private let patterns: IgnorePatterns
    /// What the patterns say of directories, which are asked for with each of their files.
    private let folders = Mutex<[FilePath: IgnorePatterns.Inherited]>([:])

    init(_ patterns: IgnorePatterns, below root: FilePath) {
        self.root = root
        self.patterns = patterns
    }

    /// Whether `path` lies below the root and a pattern matches it, or a directory above it.
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

    /// Whether everything in a directory matches.
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
    /// What follows `root`; empty for itself, nil for what does not lie below.
    func relative(to root: FilePath) -> FilePath? {
        var rest = self
        return rest.removePrefix(root) ? rest : nil
    }
}

extension FilePath.Component {
    /// Whether it is what editors and version control write beside the sources.
    var isTemporary: Bool {
        let name = string
        if [".git", ".idea", "4913"].contains(name) || name.hasSuffix("~") { return true }
        if name.hasPrefix(".#") || name.hasPrefix("#") && name.hasSuffix("#") { return true }
        if ["___jb_tmp___", "___jb_old___"].contains(where: name.hasSuffix) { return true }
        return name.hasPrefix(".")
            && [".swn", ".swo", ".swp", ".swx"].contains(where: name.hasSuffix)
    }
}
