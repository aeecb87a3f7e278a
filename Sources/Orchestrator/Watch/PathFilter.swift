import Dockerfile
import SystemPackage

/// Patterns of a `.dockerignore` with the directory that they start from.
struct PathFilter: Sendable {
    private let root: FilePath
    private let patterns: IgnorePatterns

    init(_ patterns: IgnorePatterns, below root: FilePath) {
        self.root = root
        self.patterns = patterns
    }

    /// Whether `path` lies below the root and a pattern matches it, or a directory above it.
    func matches(_ path: FilePath) -> Bool {
        guard let relative = path.relative(to: root), !relative.isEmpty else { return false }
        return patterns.ignores(relative)
    }

    /// Whether everything in a directory matches.
    func matchesAll(in directory: FilePath) -> Bool {
        !patterns.hasExceptions && matches(directory)
    }
}

extension FilePath {
    /// What follows `root`; empty for itself, nil for what does not lie below.
    func relative(to root: FilePath) -> String? {
        var rest = self
        return rest.removePrefix(root) ? rest.string : nil
    }
}
