/// A Boolean that is false where an older file lacks it.
@propertyWrapper
public struct OrFalse: Sendable, Equatable {
    public var wrappedValue: Bool

    public init(wrappedValue: Bool) { self.wrappedValue = wrappedValue }
}

extension OrFalse: Codable {
    public init(from decoder: any Decoder) throws {
        wrappedValue = try decoder.singleValueContainer().decode(Bool.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(wrappedValue)
    }
}

extension KeyedDecodingContainer {
    /// Chosen by synthesized decoders over the generic one, which requires the key.
    func decode(_ type: OrFalse.Type, forKey key: Key) throws -> OrFalse {
        try decodeIfPresent(type, forKey: key) ?? OrFalse(wrappedValue: false)
    }
}
