/// A command line split into words as a shell splits it, without any expansion.
///
/// As in docker compose, an unquoted `;`, `&`, `|`, `<` or `>` ends the command.
public struct ShellWords {
    private var words: [String] = []
    private var word = ""
    private var hasWord = false
    private var escaped = false
    private var quote: Character?
    private var inParentheses = false
    private var ended = false

    /// Splits a line; nil if a quote, bracket or escape is unterminated.
    public static func split(_ line: String) -> [String]? {
        var reader = ShellWords()
        for scalar in line.unicodeScalars {
            guard reader.read(Character(scalar)) else { return nil }
            if reader.ended { break }
        }
        return reader.finish()
    }

    private mutating func finish() -> [String]? {
        if hasWord { words.append(word) }
        return escaped || quote != nil || inParentheses ? nil : words
    }

    /// Processes a character; returns false if the command line is invalid.
    private mutating func read(_ character: Character) -> Bool {
        if escaped {
            take(character == "t" ? "\t" : character == "n" ? "\n" : character)
            escaped = false
            return true
        }
        switch character {
        case "\\" where quote != "'": escaped = true
        case "\\": word.append(character)
        case " ", "\t", "\r", "\n": readSpace(character)
        case "\"", "'": readQuote(character)
        case "`": readBackquote()
        case "(", ")": return readParenthesis(character)
        case _ where endsCommand(character): end(at: character)
        default: take(character)
        }
        return true
    }

    private func endsCommand(_ character: Character) -> Bool {
        quote == nil && !inParentheses && ";&|<>".contains(character)
    }

    private mutating func take(_ character: Character) {
        word.append(character)
        hasWord = true
    }

    private mutating func readSpace(_ character: Character) {
        if quote != nil || inParentheses {
            word.append(character)
        } else if hasWord {
            words.append(word)
            word = ""
            hasWord = false
        }
    }

    private mutating func readQuote(_ character: Character) {
        if inParentheses || (quote != nil && quote != character && quote != "`") {
            take(character)
        } else if quote == character {
            quote = nil
            hasWord = true
        } else {
            quote = character
        }
    }

    private mutating func readBackquote() {
        if quote == nil, !inParentheses {
            quote = "`"
        } else if quote == "`" {
            quote = nil
        }
        take("`")
    }

    private mutating func readParenthesis(_ character: Character) -> Bool {
        guard quote == nil else {
            take(character)
            return true
        }
        if character == ")" {
            inParentheses.toggle()
        } else {
            guard !inParentheses, word.hasSuffix("$") else { return false }
            inParentheses = true
        }
        take(character)
        return true
    }

    /// Ends the command at an unquoted operator; a number directly before `>` belongs to it.
    private mutating func end(at character: Character) {
        if character == ">", word.first.map({ "0"..."9" ~= $0 }) == true { hasWord = false }
        ended = true
    }
}
