/// A document of a stream: its tree and its `!reset` and `!override` marks.
public struct YAMLDocument: Sendable {
    public var root: YAMLNode
    /// The marks in document order, including those repeated by aliases.
    public var marks: [YAMLMark]
}

/// A node tagged to change documents merged earlier.
public struct YAMLMark: Sendable, Equatable {
    /// The effect of the tag.
    public enum Kind: Sendable, Equatable {
        /// `!reset`: removes the earlier node; the tagged node itself is not in the tree.
        case reset
        /// `!override`: replaces the earlier node by the tagged one.
        case override
    }

    public var kind: Kind
    /// The keys from the root to the node; the key of a list element is its index.
    public var path: [String]
    public var location: SourceLocation
}

/// Limits on the size of a stream, so that no file can exhaust the machine's memory.
public struct YAMLLimits: Sendable {
    /// The maximum size of the stream, in bytes.
    public var bytes = 32 << 20
    /// The maximum number of nodes, counting the content of every alias.
    public var nodes = 2_000_000
    /// The maximum nesting depth of lists and mappings.
    public var depth = 512

    public init() {}
}

extension YAMLDocument {
    /// Parses all documents of a stream in UTF-8, or UTF-16 with a byte order mark.
    ///
    /// Source: YAML 1.2 with the elements of 1.1 that docker compose supports.
    public static func all(
        in bytes: [UInt8],
        file: String,
        limits: YAMLLimits = YAMLLimits()
    ) throws(YAMLError) -> [YAMLDocument] {
        guard bytes.count <= limits.bytes else {
            let start = SourceLocation(file: file, line: 1, column: 1)
            throw YAMLError(.tooLarge(bytes: bytes.count, limit: limits.bytes), at: start)
        }
        var builder = DocumentBuilder(events: EventReader(bytes, file: file), limits: limits)
        return try builder.documents()
    }
}

extension YAMLNode {
    /// Parses the root of the first document of a string; nil if there is none.
    public init?(parsing text: String, file: String) throws(YAMLError) {
        guard let first = try YAMLDocument.all(in: Array(text.utf8), file: file).first else {
            return nil
        }
        self = first.root
    }
}
