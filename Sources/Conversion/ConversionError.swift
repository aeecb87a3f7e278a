public import YAML

/// An attribute that prevents a conversion.
public struct ConversionError: Error, Equatable {
    public enum Problem: Sendable, Equatable {
        case contentTooLarge(String, name: String, bytes: Int, limit: Int)
        case unreadable(String, name: String, reason: String)
        case noContent(String, name: String)
        case unknownKey(String, known: [String])
        case invalidValue(key: String, found: String, expected: String)
    }

    public var problem: Problem
    public var location: SourceLocation?

    init(_ problem: Problem, at location: SourceLocation?) {
        self.problem = problem
        self.location = location
    }
}

extension ConversionError: CustomStringConvertible {
    public var description: String {
        let place = location.map { "\($0): " } ?? ""
        return switch problem {
        case .contentTooLarge(let kind, let name, let bytes, let limit):
            "\(place)\(kind) '\(name)' has \(bytes / 1024) KiB, more than the \(limit / 1024) KiB "
                + "allowed; store it in a volume instead"
        case .unreadable(let kind, let name, let reason):
            "\(place)cannot read \(kind) '\(name)': \(reason)"
        case .noContent(let kind, let name):
            "\(place)\(kind) '\(name)' has no content; set its environment variable or its file"
        case .unknownKey(let key, let known):
            "\(place)unknown key '\(key)'; known here: \(known.joined(separator: ", "))"
        case .invalidValue(let key, let found, let expected):
            "\(place)invalid value '\(found)' of '\(key)'; use \(expected)"
        }
    }
}
