/// One value of a YAML document, which knows where it was written.
public struct YAMLNode: Sendable {
    /// What a node holds.
    public enum Content: Sendable {
        case null
        case bool(Bool)
        case integer(Int)
        /// An integer above `Int.max`; smaller ones are always `integer`.
        case unsigned(UInt64)
        case float(Double)
        case string(String)
        /// A plain scalar that reads as a date, as it was written.
        case timestamp(String)
        case sequence([YAMLNode])
        case mapping(Mapping)
    }

    public var content: Content
    /// Where the value begins; for what an alias brings in, where its anchor stands.
    public var location: SourceLocation

    public init(_ content: Content, at location: SourceLocation) {
        self.content = content
        self.location = location
    }
}

// The optimiser of Swift 6.3 breaks a function into which two of these are inlined.
extension YAMLNode {
    @inline(never)
    public var isNull: Bool {
        if case .null = content { true } else { false }
    }

    /// The text of a string; nil for every other kind.
    @inline(never)
    public var string: String? {
        if case .string(let value) = content { value } else { nil }
    }

    /// The value of an integer that fits; nil for every other kind.
    @inline(never)
    public var integer: Int? {
        if case .integer(let value) = content { value } else { nil }
    }

    /// The value of a boolean; nil for every other kind.
    @inline(never)
    public var bool: Bool? {
        if case .bool(let value) = content { value } else { nil }
    }

    /// The elements of a sequence; nil for every other kind.
    @inline(never)
    public var sequence: [YAMLNode]? {
        if case .sequence(let value) = content { value } else { nil }
    }

    /// The entries of a mapping; nil for every other kind.
    @inline(never)
    public var mapping: Mapping? {
        if case .mapping(let value) = content { value } else { nil }
    }

    /// What kind of value this is, in the words of a message.
    @inline(never)
    public var kind: String {
        switch content {
        case .null: "nothing"
        case .bool: "a boolean"
        case .integer, .unsigned, .float: "a number"
        case .string: "text"
        case .timestamp: "a date"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

extension YAMLNode: Equatable {
    /// Equal by value: locations do not count, nor does the order of a mapping's keys.
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
