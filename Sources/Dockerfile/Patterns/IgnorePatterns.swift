/// The patterns of a `.dockerignore` file or of `--exclude`.
///
/// Source: the Docker documentation, ".dockerignore files"; moby's patternmatcher.
public struct IgnorePatterns: Sendable, Equatable {
    private struct Line: Sendable, Equatable {
        var pattern: PathPattern
        var isException: Bool
    }

    private var lines: [Line] = []

    /// The state of the patterns at a path, which the contents of a folder inherit.
    public struct Inherited: Sendable, Equatable {
        fileprivate var matched: [Bool] = []
        /// Whether the path itself is ignored.
        public fileprivate(set) var isIgnored = false

        /// The state at the root.
        public init() {}
    }

    /// Patterns that ignore nothing.
    public init() {}

    /// Parses an ignore file; `file` is its name in messages.
    public init(parsing text: String, file: String) throws(DockerfileError) {
        guard text.utf8.count <= DockerfileError.sizeLimit else {
            throw DockerfileError(
                .tooLarge("the file exceeds the size limit of 16 MiB"),
                at: SourcePosition(file: file, line: 1)
            )
        }
        var source = text
        if source.unicodeScalars.first == "\u{FEFF}" { source.unicodeScalars.removeFirst() }
        let lines = source.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
        for (index, line) in lines.enumerated() where line.first != "#" {
            let position = SourcePosition(file: file, line: index + 1)
            try add(String(line).scalarsTrimmed, at: position)
        }
    }

    /// Parses patterns of flags.
    public init(patterns: [String], at position: SourcePosition) throws(DockerfileError) {
        for pattern in patterns { try add(pattern.scalarsTrimmed, at: position) }
    }

    /// Whether there are no patterns.
    public var isEmpty: Bool { lines.isEmpty }

    /// Whether a path below an ignored folder may be included again.
    public var hasExceptions: Bool { lines.contains(where: \.isException) }

    private mutating func add(_ text: String, at position: SourcePosition) throws(DockerfileError) {
        guard !text.isEmpty else { return }
        let isException = text.first == "!"
        let written = isException ? text.dropFirst().scalarsTrimmed : text
        let cleaned = cleanedPath(written)
        guard !written.isEmpty, let pattern = PathPattern(cleaned, crossesFolders: true) else {
            throw DockerfileError(.badIgnorePattern(text), at: position)
        }
        lines.append(Line(pattern: pattern, isException: isException))
    }

    /// The state at `path`, relative to the root, given the state at its folder.
    ///
    /// A pattern that matches a folder applies to its contents; the last matching pattern decides.
    public func verdict(on path: String, in folder: Inherited) -> Inherited {
        var result = Inherited()
        result.matched.reserveCapacity(lines.count)
        for (index, line) in lines.enumerated() {
            let isInherited = index < folder.matched.count && folder.matched[index]
            let matches = isInherited || line.pattern.matches(path)
            result.matched.append(matches)
            if matches { result.isIgnored = !line.isException }
        }
        return result
    }

    /// Whether `path` is ignored, itself or by a pattern for one of its folders.
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

/// The relative path without `.`, `..` and double slashes; `..` does not leave the root.
///
/// The root itself is `.`.
public func cleanedPath(_ path: String) -> String {
    var names: [Substring] = []
    for name in path.split(separator: "/") where name != "." {
        if name == ".." { _ = names.popLast() } else { names.append(name) }
    }
    return names.isEmpty ? "." : names.joined(separator: "/")
}
