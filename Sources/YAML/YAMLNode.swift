/// A value of a YAML document with its location.
public struct YAMLNode: Sendable {
    /// The value of a node.
    public enum Content: Sendable {
        case null
        case bool(Bool)
        case integer(Int)
        /// An integer above `Int.max`; smaller ones are always `integer`.
        case unsigned(UInt64)
        case float(Double)
        case string(String)
        /// A plain scalar that is a timestamp, as written.
        case timestamp(String)
        case sequence([YAMLNode])
        case mapping(Mapping)
    }

    public var content: Content
    /// The start of the value; for the content of an alias, its location at the anchor.
    public var location: SourceLocation

    public init(_ content: Content, at location: SourceLocation) {
        self.content = content
        self.location = location
    }
}

// Swift 6.3 miscompiles functions into which two of these are inlined.
extension YAMLNode {
    @inline(never)
    public var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// The value of a string; nil for other kinds.
    @inline(never)
    public var string: String? {
        if case .string(let value) = content { value } else { nil }
    }

    /// The value of an integer up to `Int.max`; nil for other kinds.
    @inline(never)
    public var integer: Int? {
        if case .integer(let value) = content { value } else { nil }
    }

    /// The value of a boolean; nil for other kinds.
    @inline(never)
    public var bool: Bool? {
        if case .bool(let value) = content { value } else { nil }
    }

    /// The elements of a sequence; nil for other kinds.
    @inline(never)
    public var sequence: [YAMLNode]? {
        if case .sequence(let value) = content { value } else { nil }
    }

    /// The entries of a mapping; nil for other kinds.
    @inline(never)
    public var mapping: Mapping? {
        if case .mapping(let value) = content { value } else { nil }
    }

    /// The kind of value as named in messages.
    @inline(never)
    public var kind: String {
        switch content {
        case .null: "null"
        case .bool: "a boolean"
        case .integer, .unsigned, .float: "a number"
        case .string: "a string"
        case .timestamp: "a date"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension YAMLNode: Equatable {
    /// Compares by value, ignoring locations and the order of keys.
    public static func == (left: YAMLNode, right: YAMLNode) -> Bool {
        switch (left.content, right.content) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.integer(let a), .integer(let b)): a == b
        case (.unsigned(let a), .unsigned(let b)): a == b
        case (.float(let a), .float(let b)): a == b
        case (.string(let a), .string(let b)): a == b
        case (.timestamp(let a), .timestamp(let b)): a == b
        case (.sequence(let a), .sequence(let b)): a == b
        case (.mapping(let a), .mapping(let b)): a == b
        default: false
        }
    }
}
