/// Paths of the host as text, compared and joined without looking at the disk.
///
/// Source: Go's `path/filepath`, whose results `config` prints.
enum HostPath {
    static func isAbsolute(_ path: String) -> Bool { path.hasPrefix("/") }

    /// Without `.`, `..` and needless slashes; `.` when nothing is left.
    static func clean(_ path: String) -> String {
        path.isEmpty ? "." : CleanPath.clean(path)
    }

    /// One path below another, clean; an empty base adds nothing.
    static func join(_ base: String, _ path: String) -> String {
        if base.isEmpty { return path.isEmpty ? "" : clean(path) }
        return clean(path.isEmpty ? base : "\(base)/\(path)")
    }

    /// The path itself if it is absolute, otherwise below the base.
    static func absolute(_ path: String, from base: String) -> String {
        isAbsolute(path) ? clean(path) : join(base, path)
    }

    /// All but the last part of a path.
    static func directory(_ path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return clean(String(path[...slash]))
    }

    /// The last part of a path.
    static func base(_ path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? (path.isEmpty ? "." : "/")
    }

    /// How to reach an absolute path from an absolute directory.
    static func relative(_ path: String, from directory: String) -> String {
        let from = directory.split(separator: "/")
        let to = path.split(separator: "/")
        var common = 0
        while common < min(from.count, to.count), from[common] == to[common] { common += 1 }
        let up = Array(repeating: "..", count: from.count - common)
        let parts = up + to.dropFirst(common).map(String.init)
        return parts.isEmpty ? "." : parts.joined(separator: "/")
    }

    /// Whether a path is absolute for Windows: a drive with a slash, or a share.
    static func isWindowsAbsolute(_ path: String) -> Bool {
        let bytes = Array(path.utf8.prefix(3))
        if bytes.starts(with: [0x5C, 0x5C]) { return true }
        guard bytes.count == 3, bytes[1] == UInt8(ascii: ":") else { return false }
        let letter = bytes[0] | 0x20
        return letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z")
            && (bytes[2] == UInt8(ascii: "/") || bytes[2] == 0x5C)
    }
}

/// Paths of a container, made shorter by their text alone.
enum CleanPath {
    /// A path without `.`, `..` and needless slashes, as Go's `path.Clean`; empty stays empty.
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
