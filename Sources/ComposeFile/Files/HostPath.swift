/// Lexical operations on host paths, without file system access.
///
/// Source: Go's `path/filepath`, whose results `config` prints.
enum HostPath {
    static func isAbsolute(_ path: String) -> Bool { path.hasPrefix("/") }

    /// Removes `.`, `..` and redundant slashes; an empty path becomes `.`.
    static func clean(_ path: String) -> String {
        path.isEmpty ? "." : CleanPath.clean(path)
    }

    /// Appends a path to a base and cleans the result; an empty base has no effect.
    static func join(_ base: String, _ path: String) -> String {
        if base.isEmpty { return path.isEmpty ? "" : clean(path) }
        return clean(path.isEmpty ? base : "\(base)/\(path)")
    }

    /// Resolves a path against a base.
    static func absolute(_ path: String, from base: String) -> String {
        isAbsolute(path) ? clean(path) : join(base, path)
    }

    /// The path without its last component.
    static func directory(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return clean(String(path[...slash]))
    }

    /// The last component of a path.
    static func base(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? (path.isEmpty ? "." : "/")
    }

    /// The relative path from an absolute directory to an absolute path.
    static func relative(_ path: String, from directory: String) -> String {
        let from = directory.split(separator: "/")
        let to = path.split(separator: "/")
        var common = 0
        while common < min(from.count, to.count), from[common] == to[common] { common += 1 }
        let up = Array(repeating: "..", count: from.count - common)
        let parts = up + to.dropFirst(common).map(String.init)
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    /// Whether a path is absolute on Windows: a drive letter with a slash, or a network share.
    static func isWindowsAbsolute(_ path: String) -> Bool {
        let bytes = Array(path.utf8.prefix(3))
        if bytes.starts(with: [0x5C, 0x5C]) { return true }
        guard bytes.count == 3, bytes[1] == UInt8(ascii: ":") else { return false }
        let letter = bytes[0] | 0x20
        return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
            && (bytes[2] == UInt8(ascii: "/") || bytes[2] == 0x5C)
    }
}

/// Lexical simplification of paths.
enum CleanPath {
    /// Removes `.`, `..` and redundant slashes, as Go's `path.Clean`; an empty path stays empty.
    static func clean(_ path: String) -> String {
        guard !path.isEmpty else { return "" }
        let isAbsolute = path.hasPrefix("/")
        var parts: [Substring] = []
        for part in path.split(separator: "/") where part != "." {
            if part != ".." {
                parts.append(part)
            } else if let last = parts.last, last != ".." {
                parts.removeLast()
            } else if !isAbsolute {
                parts.append(part)
            }
        }
        let joined = parts.joined(separator: "/")
        return isAbsolute ? "/" + joined : joined.isEmpty ? "." : joined
    }
}
