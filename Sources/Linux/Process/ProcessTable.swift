import CLinux
import Glibc
import SystemPackage

/// Process information from `/proc`. Source: proc(5).
public enum ProcessTable {
    /// The start time of process `pid` in clock ticks since boot; together with the process ID it
    /// identifies a process until reboot.
    public static func startTime(of pid: Int32) throws(SystemCallError) -> UInt64 {
        let path = FilePath("/proc/\(pid)/stat")
        // The command name, in parentheses, may contain spaces and parentheses.
        let text = try FileSystem.readText(path)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19, let ticks = UInt64(fields[19]) else {
            throw SystemCallError(call: "read", subject: path.string, reason: .noSuchProcess)
        }
        return ticks
    }

    /// The exit status of process `pid` before its parent reaps it; nil while it is running, and if
    /// no process with that ID started at `startTime`.
    ///
    /// Source: proc_pid_stat(5), fields 3, 22 and 52.
    public static func exitStatus(of pid: Int32, startTime: UInt64) -> ExitStatus? {
        // A process without an entry has been reaped.
        guard let text = try? FileSystem.readText(FilePath("/proc/\(pid)/stat")) else { return nil }
        let fields = text.split(separator: ")").last?.split { $0 == " " || $0 == "\n" } ?? []
        guard fields.count > 49, fields[0] == "Z" || fields[0] == "X",
            UInt64(fields[19]) == startTime, let status = Int32(fields[49])
        else { return nil }
        let signal = status & 0x7F
        return signal == 0 ? .exited(status >> 8 & 0xFF) : .signalled(Signal(rawValue: signal))
    }

    /// Whether process `pid` has exited or is exiting.
    ///
    /// The first process of a PID namespace first waits for all others, which it kills. Source:
    /// proc_pid_stat(5), field 9; `PF_EXITING` of the kernel.
    public static func isExiting(_ pid: Int32) -> Bool {
        // A process without an entry has been reaped.
        let path = FilePath("/proc/\(pid)/stat")
        guard let text = try? FileSystem.readText(path) else { return true }
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 6, let flags = UInt64(fields[6]) else { return true }
        return flags & 0x4 != 0
    }

    /// A unique ID of the current boot of the host; nil if the kernel does not provide it.
    ///
    /// Source: `kernel.random.boot_id`, random(4).
    public static let bootID: String? = {
        // Without it the worst case is a reused process ID.
        let text = try? FileSystem.readText("/proc/sys/kernel/random/boot_id")
        return text.map { String($0.prefix { $0 != "\n" }) }
    }()

    /// The signals that process `pid` catches, blocks or waits for, from `SigCgt` and `SigBlk`.
    ///
    /// While a thread waits in sigwaitinfo(2), as init processes commonly do, the kernel hides its
    /// blocked signals, so all signals are returned. A thread that is about to wait shows neither,
    /// so a running process is sampled again, up to twenty times.
    public static func handledSignals(of pid: Int32) throws(SystemCallError) -> Set<Signal> {
        var mask: UInt64 = 0
        for _ in 0..<20 {
            let before = try activity(of: pid)
            for (key, value) in try statusFields(of: pid) where key == "SigCgt" || key == "SigBlk" {
                mask |= UInt64(value, radix: 16) ?? 0
            }
            let seen = [before, try activity(of: pid)]
            if seen.contains(.waitingForSignal) { return signals(in: .max) }
            if !seen.contains(.running) { break }
            sched_yield()
        }
        return signals(in: mask)
    }

    /// The signals that process `pid` ignores, from `SigIgn`.
    public static func ignoredSignals(of pid: Int32) throws(SystemCallError) -> Set<Signal> {
        let text = try statusFields(of: pid).first { $0.0 == "SigIgn" }?.1
        return signals(in: text.flatMap { UInt64($0, radix: 16) } ?? 0)
    }

    private static func signals(in mask: UInt64) -> Set<Signal> {
        Set((1...64).filter { mask >> ($0 - 1) & 1 == 1 }.map(Signal.init(rawValue:)))
    }

    /// The activity of a process: the last of these cases that applies to one of its threads.
    private enum Activity {
        case sleeping
        case running
        case waitingForSignal
    }

    /// Reads `/proc/PID/task/TID/syscall`, which shows a thread sleeping in rt_sigtimedwait(2).
    ///
    /// Source: proc_pid_syscall(5).
    private static func activity(of pid: Int32) throws(SystemCallError) -> Activity {
        let tasks = FilePath("/proc/\(pid)/task")
        var activity = Activity.sleeping
        for thread in try FileSystem.entries(of: tasks) {
            // The file is missing on some kernels and for a thread that has just exited.
            let path = tasks.appending(thread).appending("syscall")
            let call = (try? FileSystem.readText(path)) ?? ""
            switch call.prefix(while: { $0 != " " && $0 != "\n" }) {
            case "\(clinux_waiting_for_signal)": return .waitingForSignal
            case "running": activity = .running
            default: break
            }
        }
        return activity
    }

    /// Whether process `pid` is the init of a PID namespace below ours, all of whose processes end
    /// with it. Source: pid_namespaces(7).
    public static func isInit(_ pid: Int32) throws(SystemCallError) -> Bool {
        let fields = try statusFields(of: pid)
        let pids = fields.first { $0.0 == "NSpid" }?.1.split(separator: "\t") ?? []
        return pids.count > 1 && pids.last == "1"
    }

    /// The processes in the PID namespace of process `pid`.
    public static func processes(
        sharingNamespaceOf pid: Int32
    ) throws(SystemCallError) -> [Int32] {
        let namespace = try FileSystem.readSymbolicLink(FilePath("/proc/\(pid)/ns/pid"))
        return try FileSystem.entries(of: "/proc").compactMap { Int32($0) }.filter { other in
            // The link of another user's process, or of one that has exited, cannot be read.
            (try? FileSystem.readSymbolicLink(FilePath("/proc/\(other)/ns/pid"))) == namespace
        }
    }

    /// All pairs in `/proc/PID/status`, in order.
    public static func statusFields(of pid: Int32) throws(SystemCallError) -> [(String, String)] {
        try FileSystem.readText(FilePath("/proc/\(pid)/status")).split(separator: "\n").compactMap {
            line in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == "\t" || $0 == " " }
            return (String(line[..<colon]), String(value))
        }
    }
}

extension ProcessHandle {
    /// The start time of the process in clock ticks since boot: field 22 of `/proc/PID/stat`.
    public var startTime: UInt64 {
        get throws(SystemCallError) { try ProcessTable.startTime(of: pid) }
    }

    /// Opens process `pid` if it started at `startTime`; nil if it exited or its ID was reused.
    public static func reopening(
        pid: Int32,
        startTime: UInt64
    ) throws(SystemCallError) -> ProcessHandle? {
        do {
            let handle = try ProcessHandle(pid: pid)
            // Read after opening, because the pidfd prevents unnoticed reuse of the process ID.
            guard try handle.startTime == startTime else { return nil }
            return handle
        } catch  where error.reason == .noSuchProcess || error.reason == .noSuchFileOrDirectory {
            return nil
        }
    }
}
