import Linux
import OCI

/// Writing to the standard streams.
enum Output {
    static func line(_ text: String) { StandardStream.output.write((text + "\n").utf8) }

    /// Prints text with everything escaped that could control a terminal: messages may quote
    /// images, archives, registries and containers.
    static func printError(_ text: String) {
        printStyledError(text.escapedForTerminal(keepingNewlines: true))
    }

    /// Prints text with escape sequences for colours; the caller escapes what it quotes.
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
            return String(decoding: bytes, as: UTF8.self)
        } catch {
            preconditionFailure("a value of this program cannot be written as JSON: \(error)")
        }
    }
}
