import FoundationEssentials

extension JSONText {
    /// Many lines for people, keys sorted.
    static func indented(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("a value of this program cannot be written as JSON: \(error)")
        }
    }
}
