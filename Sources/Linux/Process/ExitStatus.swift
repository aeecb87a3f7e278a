/// How a process ended. Source: wait(2).
public enum ExitStatus: Hashable, Sendable {
    case exited(Int32)
    case signalled(Signal)

    /// What a shell reports: the exit status, or 128 and the signal's number.
    public var code: Int32 {
        switch self {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal.rawValue
        }
    }

    /// True only for exit status 0.
    public var isSuccess: Bool { self == .exited(0) }
}

extension ExitStatus: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "signal \(signal.rawValue)"
        }
    }
}
