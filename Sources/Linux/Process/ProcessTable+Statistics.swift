import Glibc
import SystemPackage

extension ProcessTable {
    /// The identity and resource usage of a process. Source: proc_pid_stat(5).
    public struct Statistics: Sendable, Equatable {
        public var name: String
        public var parent: Int32
        /// The CPU time in user and kernel mode.
        public var processorTime: Duration
        /// The CPU time of children that have exited and were waited for, with theirs.
        public var childrenTime: Duration
        public var threads: UInt64
        /// The time from boot to the start of the process.
        public var start: Duration
        /// The controlling terminal below `/dev`, such as `pts/0`; nil without one.
        public var terminal: String?
    }

    public static func statistics(of pid: Int32) throws(SystemCallError) -> Statistics {
        let path = FilePath("/proc/\(pid)/stat")
        let text = try FileSystem.readText(path)
        // The command name, in parentheses, may contain spaces and parentheses.
        guard let opening = text.firstIndex(of: "("), let closing = text.lastIndex(of: ")"),
            opening < closing
        else { throw SystemCallError(call: "read", subject: path.string, reason: .noSuchProcess) }
        let fields = text[closing...].dropFirst().split(separator: " ").map { Int64($0) ?? 0 }
        guard fields.count > 19 else {
            throw SystemCallError(call: "read", subject: path.string, reason: .noSuchProcess)
        }
        return Statistics(
            name: String(text[text.index(after: opening)..<closing]),
            parent: Int32(truncatingIfNeeded: fields[1]),
            processorTime: duration(ofTicks: fields[11] + fields[12]),
            childrenTime: duration(ofTicks: fields[13] + fields[14]),
            threads: UInt64(max(0, fields[17])),
            start: duration(ofTicks: fields[19]),
            terminal: terminal(UInt32(truncatingIfNeeded: fields[4]))
        )
    }

    /// The memory of a process that is not in files, in bytes. Source: proc_pid_status(5).
    public static func ownMemory(of pid: Int32) throws(SystemCallError) -> UInt64 {
        try statusFields(of: pid).reduce(0) { sum, field in
            guard ["RssAnon", "RssShmem"].contains(field.0),
                let kibibytes = UInt64(field.1.prefix(while: \.isNumber))
            else { return sum }
            return sum + (kibibytes << 10)
        }
    }

    /// The time since boot. Source: proc_uptime(5).
    public static func uptime() throws(SystemCallError) -> Duration {
        let text = try FileSystem.readText("/proc/uptime")
        let seconds = text.split(separator: " ").first.flatMap { Double($0) }
        return .seconds(seconds ?? 0)
    }

    private static func duration(ofTicks ticks: Int64) -> Duration {
        .seconds(ticks) / sysconf(Int32(_SC_CLK_TCK))
    }

    /// Majors 136 to 143 are pseudoterminals, 4 the consoles. Source: kernel,
    /// `admin-guide/devices.txt`.
    private static func terminal(_ device: UInt32) -> String? {
        let (major, minor) = (device >> 8 & 0xfff, device & 0xff | device >> 12 & 0xfff00)
        return switch major {
        case 0: nil
        case 136...143: "pts/\((major - 136) << 8 + minor)"
        case 4: minor < 64 ? "tty\(minor)" : "ttyS\(minor - 64)"
        default: "?"
        }
    }
}
