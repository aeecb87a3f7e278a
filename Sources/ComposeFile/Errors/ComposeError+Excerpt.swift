import YAML

extension ComposeError {
    /// The error with the source line and a caret below its column, for a terminal.
    ///
    /// `text` is the content of the file named by `location`; `caret` may contain a colour sequence.
    public func excerpt(from text: String, caret: String = "^") -> String {
        guard let line = ComposeError.line(location.line, of: text) else { return description }
        let number = String(location.line)
        let gutter = String(repeating: " ", count: number.count)
        return """
            \(description)
            \(gutter) |
            \(number) | \(ComposeError.printable(line))
            \(gutter) | \(ComposeError.indent(line, location.column))\(caret)
            """
    }

    /// A line by number, without its line break; nil if the text has fewer lines.
    private static func line(_ number: Int, of text: String) -> Substring.UnicodeScalarView? {
        guard number > 0 else { return nil }
        let lines = text.unicodeScalars.split(
            separator: "\n",
            maxSplits: number,
            omittingEmptySubsequences: false
        )
        guard lines.count >= number else { return nil }
        let line = lines[number - 1]
        return line.last == "\r" ? line.dropLast() : line
    }

    /// The indentation of the caret, with tabs preserved so that it aligns with its character.
    private static func indent(_ line: Substring.UnicodeScalarView, _ column: Int) -> String {
        let before = line.prefix(column - 1)
        let missing = max(0, column - 1 - before.count)
        return before.map { $0 == "\t" ? "\t" : " " }.joined()
            + String(repeating: " ", count: missing)
    }

    /// Replaces control characters, with which a hostile file could manipulate the terminal.
    private static func printable(_ line: Substring.UnicodeScalarView) -> String {
        var result = String.UnicodeScalarView()
        for character in line {
            let isControl = character.properties.generalCategory == .control && character != "\t"
            result.append(isControl ? "\u{FFFD}" : character)
        }
        return String(result)
    }
}
