import FoundationEssentials

/// The one JSON encoding of everything that is stored or printed: keys sorted and slashes
/// unescaped, so that equal values give equal bytes and therefore equal digests.
public enum CanonicalJSON {
    /// Encodes `value` on one line, or indented for people.
    public static func encode(_ value: some Encodable, indented: Bool = false) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if indented { encoder.outputFormatting.insert(.prettyPrinted) }
        return Array(try encoder.encode(value))
    }
}
