/// A fault in a YAML text, told so that its author can mend it.
public struct YAMLError: Error, Equatable {
    public enum Problem: Sendable, Equatable {
        /// What libyaml says about it.
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
    /// What is wrong and how to mend it, without the place.
    public var description: String {
        switch self {
        case .syntax(let text):
            "\(text)\(remedy(for: text))"
        case .duplicateKey(let key, let first):
            "the key '\(key)' stands here twice, first in line \(first.line); "
                + "keep one, or merge the two"
        case .keyNotText(let key, let path):
            "a key must be text, but '\(key)' \(place(path)) is not; "
                + "put it in quotes: \"\(key)\""
        case .undefinedAnchor(let name):
            "the alias *\(name) has no anchor; define &\(name) before this place"
        case .aliasInsideItself(let name):
            "the alias *\(name) stands inside its own anchor &\(name), a cycle without an end"
        case .mergeNeedsMapping(let found):
            "'<<' merges a mapping or a list of mappings, but this is \(found)"
        case .tagMismatch(let tag, let text):
            "'\(text)' cannot be read as \(tag); drop the tag or change the value"
        case .tooDeep(let limit):
            "lists and mappings are nested more than \(limit) deep; no real file needs that"
        case .tooManyNodes(let limit):
            "the document has more than \(limit) values once its aliases are written out; "
                + "use fewer aliases"
        case .tooLarge(let bytes, let limit):
            "the file has \(bytes) bytes, more than the \(limit) that are read"
        }
    }

    private func place(_ path: [String]) -> String {
        path.isEmpty ? "at top level" : "in \(path.joined(separator: "."))"
    }

    private func remedy(for problem: String) -> String {
        switch problem {
        case "found character that cannot start any token":
            "; indent with spaces, not tabs, and put text that begins with one of @ ` % "
                + "in quotes"
        case "mapping values are not allowed in this context":
            "; put text that contains ': ' in quotes, and check the indentation above"
        case "did not find expected key", "could not find expected ':'":
            "; check the indentation of this line and the colon after its key"
        case "did not find expected ',' or ']'": "; a list in brackets is not closed"
        case "did not find expected ',' or '}'": "; a mapping in braces is not closed"
        case "found unexpected end of stream": "; a quote is not closed"
        case "control characters are not allowed": "; is this a text file?"
        default:
            problem.contains("UTF-8") ? "; save the file as UTF-8" : ""
        }
    }
}
