import YAML

/// The characters of an env file with a read position.
struct DotenvText {
    /// The separator that follows a key.
    enum Ending {
        /// The end of the line: the value is taken from the environment.
        case inherited
        /// `=` or `:`.
        case value
    }

    private let file: String
    private let characters: [Unicode.Scalar]
    private var position = 0
    private var line = 1

    init(_ bytes: [UInt8], file: String) {
        self.file = file
        let text = String(decoding: bytes, as: UTF8.self).unicodeScalars
        characters = Array(text.first == "\u{FEFF}" ? text.dropFirst() : text[...])
    }

    /// The current line.
    var location: SourceLocation { SourceLocation(file: file, line: line, column: 1) }

    /// The quote at the read position; nil for another character.
    var quote: Unicode.Scalar? {
        guard position < characters.count else { return nil }
        let first = characters[position]
        return first == "\"" || first == "'" ? first : nil
    }

    func error(_ problem: DotenvProblem, at location: SourceLocation) -> ComposeErrors {
        ComposeErrors(.loading(.dotenv(problem)), at: location)
    }

    /// Skips whitespace, empty lines and comments; returns false at the end of the file.
    mutating func skipToStatement() -> Bool {
        while position < characters.count {
            let character = characters[position]
            if character == "#" {
                skip(while: { $0 != "\n" })
            } else if character == "\n" {
                line += 1
                position += 1
            } else if character.properties.isWhitespace {
                position += 1
            } else {
                return true
            }
        }
        return false
    }

    /// Reads the name before `=`, `:` or the end of the line.
    mutating func key() throws(ComposeErrors) -> (String, Ending) {
        skipExport()
        let start = position
        var end = start
        while end < characters.count {
            let character = characters[end]
            switch character {
            case "=", ":":
                position = end + 1
                skip(while: DotenvText.isBlank)
                return (trimmed(start..<end), .value)
            case "\n":
                position = end + 1
                line += 1
                skip(while: DotenvText.isBlank)
                return (trimmed(start..<end), .inherited)
            default:
                guard DotenvText.isBlank(character) || DotenvText.isName(character) else {
                    let rest = string(start..<endOfLine(from: start))
                    throw error(
                        .unexpectedCharacter(String(Character(character)), line: rest),
                        at: location
                    )
                }
                end += 1
            }
        }
        // At the end of a file, docker compose treats a key alone as a value without a name.
        return ("", .value)
    }

    /// Reads the rest of the line without comment and surrounding whitespace.
    mutating func unquotedValue() -> String {
        let end = endOfLine(from: position)
        var comment = position
        while comment < end, !isComment(at: comment) { comment += 1 }
        let value = trimmed(position..<comment)
        position = min(end + 1, characters.count)
        line += 1
        return value
    }

    /// Reads the text between quotes, which may span lines; keeps all escapes but those of quotes.
    mutating func quotedValue(_ quote: Unicode.Scalar) throws(ComposeErrors) -> String {
        let (start, location) = (position, location)
        var value = String.UnicodeScalarView()
        var isEscaped = false
        position += 1
        while position < characters.count {
            let character = characters[position]
            position += 1
            if character == "\n" { line += 1 }
            if character == quote {
                if !isEscaped { return String(value) }
                isEscaped = false
            } else if !isEscaped, character == "\\" {
                isEscaped = true
                continue
            } else if isEscaped {
                isEscaped = false
                value.append("\\")
            }
            value.append(character)
        }
        let text = string(start..<endOfLine(from: start))
        throw error(.unterminatedQuote(text), at: location)
    }

    /// Skips the word `export` and whitespace after it.
    private mutating func skipExport() {
        let end = position + 6
        guard end < characters.count, string(position..<end) == "export",
            characters[end].properties.isWhitespace
        else { return }
        position = end
        skip(while: DotenvText.isBlank)
    }

    private func isComment(at index: Int) -> Bool {
        characters[index] == " " && index + 1 < characters.count && characters[index + 1] == "#"
    }

    private func endOfLine(from start: Int) -> Int {
        var end = start
        while end < characters.count, characters[end] != "\n" { end += 1 }
        return end
    }

    private mutating func skip(while condition: (Unicode.Scalar) -> Bool) {
        while position < characters.count, condition(characters[position]) { position += 1 }
    }

    private func string(_ range: Range<Int>) -> String {
        var view = String.UnicodeScalarView()
        view.append(contentsOf: characters[range])
        return String(view)
    }

    private func trimmed(_ range: Range<Int>) -> String {
        var end = range.upperBound
        while end > range.lowerBound, characters[end - 1].properties.isWhitespace { end -= 1 }
        return string(range.lowerBound..<end)
    }

    /// Whether a character is whitespace other than a newline.
    private static func isBlank(_ character: Unicode.Scalar) -> Bool {
        switch character {
        case " ", "\t", "\r", "\u{0B}", "\u{0C}", "\u{85}", "\u{A0}": true
        default: false
        }
    }

    private static func isName(_ character: Unicode.Scalar) -> Bool {
        if "_.-[]".unicodeScalars.contains(character) { return true }
        switch character.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
            .decimalNumber, .letterNumber, .otherNumber:
            return true
        default:
            return false
        }
    }
}
