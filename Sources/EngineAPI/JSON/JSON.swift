/// A JSON value.
///
/// The documents of the Engine API are read and written as values of this type: clients of many
/// versions send fields that are absent, null or of an older form, and a document that a client
/// sent is returned to it unchanged.
public enum JSON: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])
}

extension JSON {
    /// The member called `key`; null if there is none, or if the value is not an object.
    public subscript(key: String) -> JSON {
        get { if case .object(let members) = self { members[key] ?? .null } else { .null } }
        set {
            var members = object
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The object with members of `names` under these names, however their case is written: Go's
    /// decoder ignores case, and clients rely on it.
    public func namingMembers(_ names: Set<String>) -> JSON {
        guard case .object(let members) = self else { return self }
        let known = Dictionary(names.map { ($0.lowercased(), $0) }) { $1 }
        return .object(
            Dictionary(
                members.map { (names.contains($0) ? $0 : known[$0.lowercased()] ?? $0, $1) }
            ) { first, _ in first }
        )
    }

    public var isNull: Bool { self == .null }

    public var string: String? { if case .string(let text) = self { text } else { nil } }

    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }

    /// A whole number, however it is written.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int64(exactly: value)
        default: nil
        }
    }

    /// The elements of an array; empty for any other value.
    public var array: [JSON] { if case .array(let elements) = self { elements } else { [] } }

    /// The members of an object; empty for any other value.
    public var object: [String: JSON] {
        if case .object(let members) = self { members } else { [:] }
    }

    /// The strings of an array; nil for any other value.
    public var strings: [String]? {
        if case .array(let elements) = self { elements.compactMap(\.string) } else { nil }
    }

    /// The members of an object that are strings.
    public var texts: [String: String] { object.compactMapValues(\.string) }

    /// Whether the member called `key` is true.
    public func isTrue(_ key: String) -> Bool { self[key].bool ?? false }

    /// Whether it is null, false, zero or empty: Go's zero value, with which clients fill the fields
    /// that they do not set.
    public var isZero: Bool {
        switch self {
        case .null, .bool(false), .integer(0), .number(0), .string(""): true
        case .array(let elements): elements.isEmpty
        case .object(let members): members.values.allSatisfy(\.isZero)
        default: false
        }
    }
}

extension JSON: ExpressibleByStringLiteral, ExpressibleByStringInterpolation,
    ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(floatLiteral value: Double) { self = .number(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { $1 })
    }
    public init(nilLiteral: ()) { self = .null }
}

extension JSON {
    /// Null if `text` is nil.
    public init(_ text: String?) { self = text.map(JSON.string) ?? .null }
    public init(_ value: Bool) { self = .bool(value) }
    public init(_ value: some BinaryInteger) { self = .integer(Int64(clamping: value)) }
    public init(_ texts: [String]) { self = .array(texts.map(JSON.string)) }
    public init(_ texts: [String: String]) { self = .object(texts.mapValues(JSON.string)) }
}
