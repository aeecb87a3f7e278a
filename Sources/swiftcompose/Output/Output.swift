import FoundationEssentials
import Linux

/// Writing to the standard streams.
enum Output {
    static func line(_ text: String) { StandardStream.output.write((text + "\n").utf8) }
    static func complain(_ text: String) { StandardStream.error.write((text + "\n").utf8) }
}

/// Values as JSON text.
enum JSONText {
    /// One line, keys sorted.
    static func line(_ value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("a value of this program cannot be written as JSON: \(error)")
        }
    }
}
