/// The exit status of a process, or the signal that terminated it. Source: wait(2).
public enum ExitStatus: Hashable, Sendable {
    case exited(Int32)
    case signalled(Signal)

    /// The code a shell reports: the exit status, or 128 plus the signal number.
    public var code: Int32 {
        switch self {
        case .exited(let status): status
        case .signalled(let signal): 128 + signal.rawValue
        }
    }

    /// Whether the exit status is 0.
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
