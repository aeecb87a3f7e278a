import CLinux
import Glibc

extension ProcessHandle {
    /// Waits until this child exits and reaps it, blocking the calling thread.
    ///
    /// Throws `ECHILD` for a process that is not our child. Source: waitid(2), `P_PIDFD`.
    public borrowing func wait() throws(SystemCallError) -> ExitStatus {
        while true {
            if let status = try reap(blocking: true) { return status }
        }
    }

    /// Reaps this child if it has exited; nil while it is running.
    public borrowing func poll() throws(SystemCallError) -> ExitStatus? {
        try reap(blocking: false)
    }

    /// The exit status of a process that another process has reaped; nil if unknown.
    ///
    /// Always nil before Linux 6.15. Source: `PIDFD_GET_INFO` with `PIDFD_INFO_EXIT`.
    public borrowing func exitStatusOfNonChild() -> ExitStatus? {
        var waitStatus: Int32 = 0
        guard unsafe clinux_pidfd_exit_status(descriptor.number, &waitStatus) == 0 else {
            return nil
        }
        let signal = waitStatus & 0x7F
        return signal == 0 ? .exited(waitStatus >> 8 & 0xFF) : .signalled(Signal(rawValue: signal))
    }

    /// The exit status of a process that is not our child; nil while it is running or if unknown.
    ///
    /// It is readable from the exit until the parent reaps the process if `startTime` is known, and
    /// afterwards too on Linux 6.15.
    public borrowing func exitStatusOfNonChild(startTime: UInt64?) -> ExitStatus? {
        let early: ExitStatus? =
            if let startTime { ProcessTable.exitStatus(of: pid, startTime: startTime) } else { nil }
        return early ?? exitStatusOfNonChild()
    }

    /// Whether the process is running; it need not be a child.
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
