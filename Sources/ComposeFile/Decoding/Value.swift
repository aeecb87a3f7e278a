import YAML

/// An untyped value: an extension field, or a part of the printed model.
public indirect enum Value: Sendable, Equatable {
    case null
    case boolean(Bool)
    case integer(Int64)
    /// An integer above `Int64.max`.
    case unsigned(UInt64)
    case number(Double)
    /// A number printed with the digits of a 32-bit float, such as a CPU count.
    case single(Float)
    case string(String)
    /// A date and time in RFC 3339, which YAML writes without quotes.
    case timestamp(String)
    case list([Value])
    /// Values by key, in order.
    case object([Member])

    /// A key of an object and its value.
    public struct Member: Sendable, Equatable {
        public var key: String
        public var value: Value

        /// Creates a member.
        public init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }
}

/// The `x-` extension fields of a mapping, which the loader does not interpret.
public typealias Extensions = [String: Value]

extension Value {
    /// Converts a node.
    init(_ node: YAMLNode) {
        self =
            switch node.content {
            case .null: .null
            case .bool(let value): .boolean(value)
            case .integer(let value): .integer(Int64(value))
            case .unsigned(let value): .unsigned(value)
            case .float(let value): .number(value)
            case .string(let text): .string(text)
            case .timestamp(let text): .timestamp(YAMLTimestamp(text)?.rfc3339 ?? text)
            case .sequence(let nodes): .list(nodes.map { Value($0) })
            case .mapping(let mapping):
                .object(mapping.map { Member($0.key, Value($0.value)) })
            }
    }
}
