import CLinux
import Glibc
import SystemPackage

/// A stable reference to one process, safe against reuse of its process ID.
///
/// A process ID may be reused once its process is reaped; a pidfd is not. The descriptor becomes
/// readable when the process exits. Source: pidfd_open(2) and pidfd_send_signal(2); Linux 5.3.
public struct ProcessHandle: ~Copyable, Sendable {
    /// For messages and `/proc` only: signals are sent through the descriptor.
    public let pid: Int32
    public let descriptor: Descriptor

    public init(pid: Int32) throws(SystemCallError) {
        self.pid = pid
        descriptor = Descriptor(
            owning: try systemCall("pidfd_open", "process \(pid)") { clinux_pidfd_open(pid, 0) }
        )
    }

    /// Takes ownership of the pidfd that clone3(2) returned with the process.
    public init(pid: Int32, owning descriptor: consuming Descriptor) {
        self.pid = pid
        self.descriptor = descriptor
    }

    /// Takes ownership of an existing pidfd; the process ID is -1 if the process was reaped.
    ///
    /// Source: proc_pid_fdinfo(5).
    public init(owning descriptor: consuming Descriptor) {
        // Without its process ID it still signals the exit.
        let path = FilePath("/proc/self/fdinfo/\(descriptor.number)")
        let lines = ((try? FileSystem.readText(path)) ?? "").split(separator: "\n")
        let words = lines.first { $0.hasPrefix("Pid:") }?.split(separator: "\t") ?? []
        pid = words.last.flatMap { Int32($0) } ?? -1
        self.descriptor = descriptor
    }

    /// Sends `signal`; throws `ESRCH` once the process has been reaped.
    public func send(_ signal: Signal) throws(SystemCallError) {
        try Self.send(signal, through: descriptor.number, pid: pid)
    }

    /// Sends `signal` through a pidfd owned by the caller.
    public static func send(
        _ signal: Signal,
        through pidfd: Int32,
        pid: Int32
    ) throws(SystemCallError) {
        let number = signal.rawValue
        try systemCall("pidfd_send_signal", "process \(pid)") {
            clinux_pidfd_send_signal(pidfd, number, 0)
        }
    }
}
