import CLinux
import Glibc

/// A resource limit of a process. Source: getrlimit(2).
public enum ResourceLimit: Int32, Sendable, CaseIterable, CustomStringConvertible {
    case cpu = 0
    case fsize = 1
    case data = 2
    case stack = 3
    case core = 4
    case rss = 5
    case nproc = 6
    case nofile = 7
    case memlock = 8
    case `as` = 9
    case locks = 10
    case sigpending = 11
    case msgqueue = 12
    case nice = 13
    case rtprio = 14
    case rttime = 15

    /// Parses `RLIMIT_NOFILE` or `nofile`; nil for an unknown name.
    public init?(_ text: String) {
        var name = text.lowercased()
        if name.hasPrefix("rlimit_") { name.removeFirst(7) }
        guard let limit = Self.allCases.first(where: { $0.description == name }) else {
            return nil
        }
        self = limit
    }

    /// The name, as in a Compose file. Spelled out, because reflection costs a new process 1 ms.
    public var description: String {
        switch self {
        case .cpu: "cpu"
        case .fsize: "fsize"
        case .data: "data"
        case .stack: "stack"
        case .core: "core"
        case .rss: "rss"
        case .nproc: "nproc"
        case .nofile: "nofile"
        case .memlock: "memlock"
        case .as: "as"
        case .locks: "locks"
        case .sigpending: "sigpending"
        case .msgqueue: "msgqueue"
        case .nice: "nice"
        case .rtprio: "rtprio"
        case .rttime: "rttime"
        }
    }

    /// Sets the limits of process `pid`; 0 is the caller.
    public func set(soft: UInt64, hard: UInt64, of pid: Int32 = 0) throws(SystemCallError) {
        try systemCall("prlimit", "\(self)=\(soft):\(hard)") {
            clinux_set_limit(pid, rawValue, soft, hard)
        }
    }

    /// The limits of process `pid`; 0 is the caller.
    public func get(of pid: Int32 = 0) throws(SystemCallError) -> (soft: UInt64, hard: UInt64) {
        var soft: UInt64 = 0
        var hard: UInt64 = 0
        try systemCall("prlimit", "\(self)") {
            unsafe clinux_get_limit(pid, rawValue, &soft, &hard)
        }
        return (soft, hard)
    }
}
