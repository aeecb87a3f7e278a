/// One document of a stream: its tree, and the marks that tags have left on it.
public struct YAMLDocument: Sendable {
    public var root: YAMLNode
    /// In the order of the document, those that aliases repeat included.
    public var marks: [YAMLMark]
}

/// A place in a document that carries one of the tags that change other documents.
public struct YAMLMark: Sendable, Equatable {
    /// What the tag asks for.
    public enum Kind: Sendable, Equatable {
        /// `!reset`: the node itself is not in the tree.
        case reset
        /// `!override`: the node is in the tree, and replaces what came before.
        case override
    }

    public var kind: Kind
    /// The keys from the root to the node; an element of a list counts by its number.
    public var path: [String]
    public var location: SourceLocation
}

/// How large a stream may be; beyond it is refused, so that no file can exhaust the machine.
public struct YAMLLimits: Sendable {
    /// The length of the stream.
    public var bytes = 32 << 20
    /// Nodes, those that aliases repeat counted each time.
    public var nodes = 2_000_000
    /// Lists and mappings within each other.
    public var depth = 512

    public init() {}
}

extension YAMLDocument {
    /// All documents of a stream of bytes in UTF-8 (or UTF-16 with a byte order mark).
    ///
    /// Source: YAML 1.2 with the remnants of 1.1 that Docker Compose knows.
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
    /// The root of the only document in a text; nil when there is none.
    public init?(parsing text: String, file: String) throws(YAMLError) {
        guard let first = try YAMLDocument.all(in: Array(text.utf8), file: file).first else {
            return nil
        }
        self = first.root
    }
}
