import CLinux
import Glibc
import SystemPackage

/// What `/proc` says of processes. Source: proc(5).
public enum ProcessTable {
    /// When process `pid` started, in clock ticks since boot: with the pid it names one process
    /// for good, as long as the host is not rebooted.
    public static func startTime(of pid: Int32) throws(SystemCallError) -> UInt64 {
        let path = FilePath("/proc/\(pid)/stat")
        // The command's name, in parentheses, may itself hold spaces and parentheses.
        let text = try FileSystem.readText(path)
        let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 19, let ticks = UInt64(fields[19]) else {
            throw SystemCallError(call: "read", subject: path.string, reason: .noSuchProcess)
        }
        return ticks
    }

    /// Names the time from one boot of the host to the next; nil where the kernel does not tell.
    ///
    /// Source: `kernel.random.boot_id`, random(4).
    public static let bootID: String? = {
        // Without it nothing is worse than a pid that may have been reused.
        let text = try? FileSystem.readText("/proc/sys/kernel/random/boot_id")
        return text.map { String($0.prefix { $0 != "\n" }) }
    }()

    /// The signals that process `pid` catches, blocks or waits for, from `SigCgt` and `SigBlk`.
    ///
    /// While a thread waits in sigwaitinfo(2) the kernel does not show what it blocks, so then
    /// every signal counts: inits commonly wait so. A thread on its way into the wait shows
    /// neither, so a process that runs is looked at again, some twenty times.
    public static func heededSignals(of pid: Int32) throws(SystemCallError) -> Set<Signal> {
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

    /// The signals that process `pid` pays no heed to, from `SigIgn`.
    public static func ignoredSignals(of pid: Int32) throws(SystemCallError) -> Set<Signal> {
        let text = try statusFields(of: pid).first { $0.0 == "SigIgn" }?.1
        return signals(in: text.flatMap { UInt64($0, radix: 16) } ?? 0)
    }

    private static func signals(in mask: UInt64) -> Set<Signal> {
        Set((1...64).filter { mask >> ($0 - 1) & 1 == 1 }.map(Signal.init(rawValue:)))
    }

    /// What a process is doing: the last of these that one of its threads does.
    private enum Activity {
        case sleeping
        case running
        case waitingForSignal
    }

    /// From `/proc/PID/task/TID/syscall`, which shows rt_sigtimedwait(2) of a thread asleep in it.
    ///
    /// Source: proc_pid_syscall(5).
    private static func activity(of pid: Int32) throws(SystemCallError) -> Activity {
        let tasks = FilePath("/proc/\(pid)/task")
        var activity = Activity.sleeping
        for thread in try FileSystem.entries(of: tasks) {
            // A kernel without this file, or a thread that has just ended, tells nothing.
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

    /// Whether process `pid` is the first of a process namespace below ours, all of which ends with
    /// it. Source: pid_namespaces(7).
    public static func isInit(_ pid: Int32) throws(SystemCallError) -> Bool {
        let fields = try statusFields(of: pid)
        let pids = fields.first { $0.0 == "NSpid" }?.1.split(separator: "\t") ?? []
        return pids.count > 1 && pids.last == "1"
    }

    /// Every pair of `/proc/PID/status`, in its order.
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
    /// When the process started, in clock ticks since boot (field 22 of `/proc/PID/stat`).
    public var startTime: UInt64 {
        get throws(SystemCallError) { try ProcessTable.startTime(of: pid) }
    }

    /// Opens `pid` only if it still is the process that started at `startTime`; nil otherwise.
    public static func reopening(
        pid: Int32,
        startTime: UInt64
    ) throws(SystemCallError) -> ProcessHandle? {
        do {
            let handle = try ProcessHandle(pid: pid)
            // Read after opening: the pidfd keeps the pid from being reused unnoticed.
            guard try handle.startTime == startTime else { return nil }
            return handle
        } catch  where error.reason == .noSuchProcess || error.reason == .noSuchFileOrDirectory {
            return nil
        }
    }
}
