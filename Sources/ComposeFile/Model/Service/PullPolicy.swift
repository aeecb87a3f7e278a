import Notation

/// When a registry is asked for an image.
public enum PullPolicy: Sendable, Equatable {
    /// Each time.
    case always
    /// Never.
    case never
    /// When the image is absent.
    case missing
    /// When the image is absent: the older word, which normalisation replaces.
    case ifNotPresent
    /// Not at all: the image is built.
    case build
    /// When the image is older than the service allows.
    case refresh
    /// When the last pull is a day old.
    case daily
    /// When the last pull is a week old.
    case weekly
    /// When the last pull is that old, as `12h`.
    case every(String)

    /// Reads the attribute's text; nil for a word that is none.
    public init?(_ text: String) {
        switch text {
        case "always": self = .always
        case "never": self = .never
        case "missing": self = .missing
        case "if_not_present": self = .ifNotPresent
        case "build": self = .build
        case "refresh": self = .refresh
        case "daily": self = .daily
        case "weekly": self = .weekly
        default:
            guard let age = text.suffix(after: "every_") else { return nil }
            self = .every(age)
        }
    }
}

extension PullPolicy: CustomStringConvertible {
    public var description: String {
        switch self {
        case .always: "always"
        case .never: "never"
        case .missing: "missing"
        case .ifNotPresent: "if_not_present"
        case .build: "build"
        case .refresh: "refresh"
        case .daily: "daily"
        case .weekly: "weekly"
        case .every(let age): "every_\(age)"
        }
    }
}
