import CLinux
import Glibc
import SystemPackage

/// An open reference to one process, which can never come to name another.
///
/// A process id may be reused once its process is reaped; a pidfd may not. The descriptor turns
/// readable when the process ends.
/// Source: pidfd_open(2) and pidfd_send_signal(2); Linux 5.3.
public struct ProcessHandle: ~Copyable, Sendable {
    /// For messages and `/proc` only: signals go through the descriptor.
    public let pid: Int32
    public let descriptor: Descriptor

    public init(pid: Int32) throws(SystemCallError) {
        self.pid = pid
        descriptor = Descriptor(
            owning: try systemCall("pidfd_open", "process \(pid)") { clinux_pidfd_open(pid, 0) }
        )
    }

    /// Takes over the pidfd that clone3(2) made together with its process.
    public init(pid: Int32, owning descriptor: consuming Descriptor) {
        self.pid = pid
        self.descriptor = descriptor
    }

    /// Takes over a pidfd that somebody else has opened; the pid is -1 when it has been reaped.
    ///
    /// Source: proc_pid_fdinfo(5).
    public init(owning descriptor: consuming Descriptor) {
        // Without its pid it still tells when the process ends.
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

    /// Sends `signal` through a pidfd that someone else owns.
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
