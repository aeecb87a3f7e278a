/// An error in a YAML stream, with its location and a suggested fix.
public struct YAMLError: Error, Equatable {
    public enum Problem: Sendable, Equatable {
        /// An error reported by libyaml.
        case syntax(String)
        case duplicateKey(String, first: SourceLocation)
        case keyNotText(String, path: [String])
        case undefinedAnchor(String)
        case aliasInsideItself(String)
        case mergeNeedsMapping(found: String)
        case tagMismatch(tag: String, text: String)
        case tooDeep(limit: Int)
        case tooManyNodes(limit: Int)
        case tooLarge(bytes: Int, limit: Int)
    }

    public var problem: Problem
    public var location: SourceLocation

    public init(_ problem: Problem, at location: SourceLocation) {
        self.problem = problem
        self.location = location
    }
}

extension YAMLError: CustomStringConvertible {
    public var description: String { "\(location): \(problem)" }
}

extension YAMLError.Problem: CustomStringConvertible {
    /// The cause and the suggested fix, without the location.
    public var description: String {
        switch self {
        case .syntax(let text):
            "\(text)\(remedy(for: text))"
        case .duplicateKey(let key, let first):
            "duplicate key '\(key)', first defined in line \(first.line); "
                + "remove one, or merge the two"
        case .keyNotText(let key, let path):
            "non-string key '\(key)' \(place(path)); quote it: \"\(key)\""
        case .undefinedAnchor(let name):
            "the alias *\(name) has no anchor; define &\(name) above"
        case .aliasInsideItself(let name):
            "the alias *\(name) is inside its own anchor &\(name); remove the cycle"
        case .mergeNeedsMapping(let found):
            "'<<' requires a mapping or a list of mappings, not \(found)"
        case .tagMismatch(let tag, let text):
            "'\(text)' is not a valid \(tag); remove the tag or change the value"
        case .tooDeep(let limit):
            "lists and mappings are nested more than \(limit) levels deep"
        case .tooManyNodes(let limit):
            "the document has more than \(limit) values with its aliases expanded; "
                + "use fewer aliases"
        case .tooLarge(let bytes, let limit):
            "the file has \(bytes) bytes, which exceeds the limit of \(limit)"
        }
    }

    private func place(_ path: [String]) -> String {
        path.isEmpty ? "at top level" : "in \(path.joined(separator: "."))"
    }

    private func remedy(for problem: String) -> String {
        switch problem {
        case "found character that cannot start any token":
            "; indent with spaces, not tabs, and quote strings that start with @, ` or %"
        case "mapping values are not allowed in this context":
            "; quote strings that contain ': ', and check the indentation above"
        case "did not find expected key", "could not find expected ':'":
            "; check the indentation of this line and the colon after its key"
        case "did not find expected ',' or ']'": "; close the list with ']'"
        case "did not find expected ',' or '}'": "; close the mapping with '}'"
        case "found unexpected end of stream": "; close the quotes"
        case "control characters are not allowed": "; is this a text file?"
        default:
            problem.contains("UTF-8") ? "; save the file as UTF-8" : ""
        }
    }
}
