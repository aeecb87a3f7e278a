import FoundationEssentials

/// The encoding of the store's files: indented, with sorted keys.
enum StoredJSON {
    static func encode(_ record: some Encodable) -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return Array(try encoder.encode(record))
        } catch {
            preconditionFailure("a record can always be encoded: \(error)")
        }
    }
}
