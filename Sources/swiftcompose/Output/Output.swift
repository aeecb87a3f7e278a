import Linux
import OCI

/// Writing to the standard streams.
enum Output {
    /// Writes one line to standard output as it is.
    static func line(_ text: String) { StandardStream.output.write((text + "\n").utf8) }

    /// Writes a heading, the lines and an empty line to standard output; nothing without lines.
    static func section(_ heading: String, _ lines: [String]) {
        guard !lines.isEmpty else { return }
        for text in [heading] + lines + [""] { line(text) }
    }

    /// Writes a message to standard error, with escapes in place of terminal control sequences.
    static func printError(_ text: String) {
        let quoted = text.escapedForTerminal(keepingNewlines: true)
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
            return escapedForTerminal(String(decoding: bytes, as: UTF8.self))
        } catch {
            preconditionFailure("a value of this program cannot be written as JSON: \(error)")
        }
    }

    /// Escapes what a terminal interprets and JSON allows in strings: DEL, the control characters
    /// C1 and those of bidirectional text.
    private static func escapedForTerminal(_ json: String) -> String {
        guard json.escapedForTerminal(keepingNewlines: true) != json else { return json }
        return json.unicodeScalars.reduce(into: "") { result, scalar in
            let text = String(scalar)
            if scalar == "\n" || text.escapedForTerminal() == text {
                result.unicodeScalars.append(scalar)
            } else {
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            }
        }
    }
}
