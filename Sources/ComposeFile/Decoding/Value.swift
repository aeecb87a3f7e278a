import YAML

/// A value without a type of its own: an extension, or one of the printed model.
public indirect enum Value: Sendable, Equatable {
    /// Nothing.
    case null
    /// True or false.
    case boolean(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction, of 64 bits.
    case number(Double)
    /// A number with a fraction, of 32 bits, as CPU counts are.
    case single(Float)
    /// Text.
    case string(String)
    /// Values in order.
    case list([Value])
    /// Values by key, in order.
    case object([Member])

    /// One key of an object and its value.
    public struct Member: Sendable, Equatable {
        /// The key.
        public var key: String
        /// Its value.
        public var value: Value

        /// Makes a member.
        public init(_ key: String, _ value: Value) {
            self.key = key
            self.value = value
        }
    }
}

/// The `x-` keys of one mapping, which mean nothing to us.
public typealias Extensions = [String: Value]

extension Value {
    /// The value of a node.
    init(_ node: YAMLNode) {
        self =
            switch node.content {
            case .null: .null
            case .bool(let value): .boolean(value)
            case .integer(let value): .integer(Int64(value))
            case .unsigned(let value): .number(Double(value))
            case .float(let value): .number(value)
            case .string(let text), .timestamp(let text): .string(text)
            case .sequence(let nodes): .list(nodes.map { Value($0) })
            case .mapping(let mapping):
                .object(mapping.map { Member($0.key, Value($0.value)) })
            }
    }
}
