import Notation

/// What happens when a container ends.
public enum RestartPolicy: Sendable, Equatable {
    /// It stays ended.
    case no
    /// It starts again, also after a reboot.
    case always
    /// It starts again after a failure, at most `maximumRetries` times in a row; nil is no limit.
    case onFailure(maximumRetries: Int?)
    /// As `always`, but not after it was stopped by hand.
    case unlessStopped

    /// Reads the attribute's text; nil for a word that is none.
    public init?(_ text: String) {
        switch text {
        case "no": self = .no
        case "always": self = .always
        case "unless-stopped": self = .unlessStopped
        case "on-failure": self = .onFailure(maximumRetries: nil)
        default:
            guard let digits = text.suffix(after: "on-failure:"), let limit = Int(digits),
                limit >= 0
            else { return nil }
            self = .onFailure(maximumRetries: limit)
        }
    }
}

extension RestartPolicy: CustomStringConvertible {
    public var description: String {
        switch self {
        case .no: "no"
        case .always: "always"
        case .unlessStopped: "unless-stopped"
        case .onFailure(nil): "on-failure"
        case .onFailure(let limit?): "on-failure:\(limit)"
        }
    }
}
