/// Why the variables of a text cannot be put in.
public enum TemplateError: Error, Sendable, Equatable {
    /// A `${` that begins no variable.
    case malformed(String)
    /// A variable that `${NAME:?reason}` demands is not set, or empty.
    case required(name: String, reason: String)
    /// More variables within each other than anyone would write.
    case tooDeep(limit: Int)
}

extension TemplateError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let text):
            "'\(text)' is no valid use of a variable; write ${NAME}, or $$ for a plain dollar sign"
        case .required(let name, let reason):
            "the required variable \(name) is missing a value"
                + (reason.isEmpty ? "; set it in the shell or in .env" : ": \(reason)")
        case .tooDeep(let limit):
            "variables are nested more than \(limit) deep"
        }
    }
}
