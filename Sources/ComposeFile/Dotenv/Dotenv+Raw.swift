import Notation
import YAML

extension Dotenv {
    /// Parses a file whose lines are taken literally, including quotes and dollar signs.
    ///
    /// Source: `docker run --env-file`; in Compose, `format: raw`.
    public static func parseRaw(
        _ bytes: [UInt8],
        file: String,
        into variables: inout [String: String],
        lookup: (String) -> String?
    ) throws(ComposeErrors) {
        var number = 0
        for bytes in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            number += 1
            let location = SourceLocation(file: file, line: number, column: 1)
            guard var line = String(validating: bytes, as: UTF8.self) else {
                throw ComposeErrors(.loading(.dotenv(.notUTF8)), at: location)
            }
            if number == 1, line.unicodeScalars.first == "\u{FEFF}" {
                line.unicodeScalars.removeFirst()
            }
            if line.utf8.last == UInt8(ascii: "\r") { line.unicodeScalars.removeLast() }
            try add(line, at: location, to: &variables, lookup)
        }
    }

    private static func add(
        _ line: String,
        at location: SourceLocation,
        to variables: inout [String: String],
        _ lookup: (String) -> String?
    ) throws(ComposeErrors) {
        let text = line.unicodeScalars.drop { $0.properties.isWhitespace }
        guard let first = text.first, first != "#" else { return }
        let (key, value) = Substring(text).nameAndValue
        guard !key.isEmpty else {
            throw ComposeErrors(.loading(.dotenv(.noName(line: line))), at: location)
        }
        guard !key.unicodeScalars.contains(where: { $0 == " " || $0 == "\t" }) else {
            throw ComposeErrors(.loading(.dotenv(.keyWithSpace(key))), at: location)
        }
        if let value = value ?? lookup(key) {
            variables[key] = value
        }
    }
}
