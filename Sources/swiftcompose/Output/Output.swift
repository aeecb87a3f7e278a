import Linux
import OCI

/// Writing to the standard streams.
enum Output {
    /// Writes one line to standard output as it is.
    static func line(_ text: String) { StandardStream.output.write((text + "\n").utf8) }

    /// Writes a message to standard error, with escapes in place of terminal control sequences.
    static func printError(_ text: String) {
        let quoted = UntrustedText.quoted(text, keepsLines: true)
        StandardStream.error.write((quoted + "\n").utf8)
    }

    /// Writes a message with colours of our own to standard error as it is.
    static func printStyledError(_ text: String) {
        StandardStream.error.write((text + "\n").utf8)
    }
}

/// Values as JSON text.
enum JSONText {
    /// One line, keys sorted.
    static func line(_ value: some Encodable) -> String { text(value, indented: false) }

    /// Several lines, keys sorted.
    static func indented(_ value: some Encodable) -> String { text(value, indented: true) }

    private static func text(_ value: some Encodable, indented: Bool) -> String {
        do {
            let bytes = try CanonicalJSON.encode(value, indented: indented)
            return UntrustedText.escapedJSON(String(decoding: bytes, as: UTF8.self))
        } catch {
            preconditionFailure("a value of this program cannot be written as JSON: \(error)")
        }
    }
}
