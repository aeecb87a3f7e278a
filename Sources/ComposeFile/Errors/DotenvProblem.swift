/// An error in an env file.
public enum DotenvProblem: Sendable, Equatable {
    case keyWithSpace(String)
    case unexpectedCharacter(String, line: String)
    case unterminatedQuote(String)
    case template(TemplateError, key: String)
    case notUTF8
    case noName(line: String)
    case unknownFormat(String)
}

extension DotenvProblem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .keyWithSpace(let key):
            "key cannot contain a space: '\(key)'; write KEY=value"
        case .unexpectedCharacter(let character, let line):
            """
            unexpected character '\(character)' in variable name '\(line)'; a name has letters, \
            digits, '_', '.' and '-'
            """
        case .unterminatedQuote(let text):
            "unterminated quoted value \(text); close the quote, or use the other kind of quotes"
        case .template(let error, let key):
            "\(key): \(error)"
        case .notUTF8:
            "the line is not valid UTF-8; save the file as UTF-8"
        case .noName(let line):
            "no variable name in '\(line)'; write KEY=value"
        case .unknownFormat(let format):
            "unsupported env_file format '\(format)'; remove it, or use 'raw'"
        }
    }
}
