/// An error during interpolation.
public enum TemplateError: Error, Sendable, Equatable {
    /// A `${` that does not begin a variable.
    case malformed(String)
    /// A variable required by `${NAME:?reason}` is not set or empty.
    case required(name: String, reason: String)
    /// Variables are nested too deep.
    case tooDeep(limit: Int)
}

extension TemplateError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformed(let text):
            "invalid interpolation format: '\(text)'; use ${NAME}, or $$ for a literal dollar sign"
        case .required(let name, let reason):
            "the required variable \(name) is missing a value"
                + (reason.isEmpty ? "; set it in the shell or in .env" : ": \(reason)")
        case .tooDeep(let limit):
            "variables are nested more than \(limit) deep"
        }
    }
}
