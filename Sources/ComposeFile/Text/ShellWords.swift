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

    /// The words of a line; nil when a quote, a bracket or an escape is left open.
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

    /// Takes in one character; false when no command line goes on like that.
    private mutating func read(_ character: Character) -> Bool {
        if escaped {
            take(character == "t" ? "\t" : character == "n" ? "\n" : character)
            escaped = false
            return true
        }
        switch character {
        case "\\" where quote != "'": escaped = true
        case "\\": word.append(character)
        case " ", "\t", "\r", "\n": readBlank(character)
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

    private mutating func readBlank(_ character: Character) {
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

    /// An unquoted operator ends the command; a number just before `>` belongs to the operator.
    private mutating func end(at character: Character) {
        if character == ">", word.first.map({ "0"..."9" ~= $0 }) == true { hasWord = false }
        ended = true
    }
}
