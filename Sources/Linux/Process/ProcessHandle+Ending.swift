import CLinux
import Glibc

extension ProcessHandle {
    /// Waits until this child has ended, and reaps it. Blocks the calling thread.
    ///
    /// Source: waitid(2), `P_PIDFD`; throws `ECHILD` when it is nobody we started.
    public borrowing func wait() throws(SystemCallError) -> ExitStatus {
        while true {
            if let status = try reap(blocking: true) { return status }
        }
    }

    /// Reaps this child if it has ended; nil when it still runs.
    public borrowing func poll() throws(SystemCallError) -> ExitStatus? {
        try reap(blocking: false)
    }

    /// The exit status of an ended process that someone else reaped; nil when the kernel keeps none.
    ///
    /// Source: `PIDFD_GET_INFO` with `PIDFD_INFO_EXIT`; Linux 6.15, nil on anything older.
    public borrowing func exitStatusOfNonChild() -> ExitStatus? {
        var waitStatus: Int32 = 0
        guard unsafe clinux_pidfd_exit_status(descriptor.number, &waitStatus) == 0 else {
            return nil
        }
        let signal = waitStatus & 0x7F
        return signal == 0 ? .exited(waitStatus >> 8 & 0xFF) : .signalled(Signal(rawValue: signal))
    }

    /// How a process that is not our child has ended; nil when it runs or nobody can tell.
    ///
    /// Everybody is told between its end and its parent's look at it, if `startTime` is known, and
    /// by newer kernels afterwards too.
    public borrowing func exitStatusOfNonChild(startTime: UInt64?) -> ExitStatus? {
        let early: ExitStatus? =
            if let startTime { ProcessTable.exitStatus(of: pid, startTime: startTime) } else { nil }
        return early ?? exitStatusOfNonChild()
    }

    /// True until the process has ended, whoever its parent is.
    public borrowing func isRunning() -> Bool {
        var entry = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        return unsafe Glibc.poll(&entry, 1, 0) == 0
    }

    private borrowing func reap(blocking: Bool) throws(SystemCallError) -> ExitStatus? {
        let number = descriptor.number
        var code: Int32 = 0
        var status: Int32 = 0
        let ended = try systemCall("waitid", "process \(pid)") {
            unsafe clinux_wait_pidfd(number, blocking ? 1 : 0, &code, &status)
        }
        guard ended == 1 else { return nil }
        return code == CLD_EXITED ? .exited(status) : .signalled(Signal(rawValue: status))
    }
}
