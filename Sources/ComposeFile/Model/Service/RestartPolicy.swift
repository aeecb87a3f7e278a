import Notation

/// The action taken when a container exits.
public enum RestartPolicy: Sendable, Equatable {
    /// The container is not restarted.
    case no
    /// The container is restarted, also after a reboot.
    case always
    /// The container is restarted after a failure, at most `maximumRetries` consecutive times; nil
    /// means no limit.
    case onFailure(maximumRetries: Int?)
    /// As `always`, unless the container has been stopped by a command.
    case unlessStopped

    /// Parses the value of `restart`; nil if it is invalid.
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
