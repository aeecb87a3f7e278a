/// The lines of a `.dockerignore`, or the values of `--exclude`.
///
/// Source: the Docker documentation, ".dockerignore files"; moby's patternmatcher.
public struct IgnorePatterns: Sendable, Equatable {
    private struct Line: Sendable, Equatable {
        var pattern: PathPattern
        var bringsBack: Bool
    }

    private var lines: [Line] = []

    /// How the lines stand to a folder's path; its contents start from this.
    public struct Inherited: Sendable, Equatable {
        fileprivate var matched: [Bool] = []
        /// Whether the folder itself is ignored.
        public fileprivate(set) var isIgnored = false

        /// For the root.
        public init() {}
    }

    /// Ignores nothing.
    public init() {}

    /// Reads the text of an ignore file; `file` is its name in messages.
    public init(parsing text: String, file: String) throws(DockerfileError) {
        var source = text
        if source.unicodeScalars.first == "\u{FEFF}" { source.unicodeScalars.removeFirst() }
        let lines = source.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.first != "#" {
            let position = SourcePosition(file: file, line: index + 1)
            try add(String(line).scalarsTrimmed, at: position)
        }
    }

    /// Takes patterns from flags.
    public init(patterns: [String], at position: SourcePosition) throws(DockerfileError) {
        for pattern in patterns { try add(pattern.scalarsTrimmed, at: position) }
    }

    /// Whether it ignores nothing at all.
    public var isEmpty: Bool { lines.isEmpty }

    /// Whether a path below an ignored folder may still be seen.
    public var hasExceptions: Bool { lines.contains(where: \.bringsBack) }

    private mutating func add(_ text: String, at position: SourcePosition) throws(DockerfileError) {
        guard !text.isEmpty else { return }
        let bringsBack = text.first == "!"
        let written = bringsBack ? text.dropFirst().scalarsTrimmed : text
        let cleaned = cleanedPath(written)
        guard !written.isEmpty, let pattern = PathPattern(cleaned, crossesFolders: true) else {
            throw DockerfileError(.badIgnorePattern(text), at: position)
        }
        lines.append(Line(pattern: pattern, bringsBack: bringsBack))
    }

    /// How the lines stand to `path`, which is relative to the root, from what its folder got.
    ///
    /// A pattern that matched a folder is for all in it; the last line that matches decides.
    public func verdict(on path: String, in folder: Inherited) -> Inherited {
        var result = Inherited()
        result.matched.reserveCapacity(lines.count)
        for (index, line) in lines.enumerated() {
            let isInherited = index < folder.matched.count && folder.matched[index]
            let matches = isInherited || line.pattern.matches(path)
            result.matched.append(matches)
            if matches { result.isIgnored = !line.bringsBack }
        }
        return result
    }

    /// Whether `path` is ignored, its folders considered.
    public func ignores(_ path: String) -> Bool {
        var inherited = Inherited()
        var prefix = ""
        for name in path.split(separator: "/") {
            prefix += prefix.isEmpty ? String(name) : "/" + name
            inherited = verdict(on: prefix, in: inherited)
        }
        return inherited.isIgnored
    }
}

/// A path without `.`, `..` and double slashes, relative to a root that `..` does not leave.
///
/// What is left of nothing is `.`.
public func cleanedPath(_ path: String) -> String {
    var names: [Substring] = []
    for name in path.split(separator: "/") where name != "." {
        if name == ".." { _ = names.popLast() } else { names.append(name) }
    }
    return names.isEmpty ? "." : names.joined(separator: "/")
}
