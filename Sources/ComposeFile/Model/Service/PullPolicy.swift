import Notation

/// The rule for when an image is pulled.
public enum PullPolicy: Sendable, Equatable {
    /// Always.
    case always
    /// Never.
    case never
    /// If the image is missing.
    case missing
    /// If the image is missing; an older name that normalisation replaces by `missing`.
    case ifNotPresent
    /// Never: the image is built.
    case build
    /// If the image is older than `pull_refresh_after`.
    case refresh
    /// If the last pull is more than a day old.
    case daily
    /// If the last pull is more than a week old.
    case weekly
    /// If the last pull is older than the given duration, such as `12h`.
    case every(String)

    /// Parses the value of `pull_policy`; nil if it is invalid.
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
