import CLinux
import Glibc

/// Signals read as data instead of interrupting the process. Source: signalfd(2).
///
/// Initialisation blocks the signals in the calling thread, where they stay blocked.
public final class SignalReader {
    public let descriptor: Descriptor

    public init(_ signals: [Signal]) throws(SystemCallError) {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for signal in signals { unsafe sigaddset(&set, signal.rawValue) }
        unsafe sigprocmask(SIG_BLOCK, &set, nil)
        descriptor = Descriptor(
            owning: try systemCall("signalfd", "signals") {
                unsafe signalfd(-1, &set, Int32(SFD_CLOEXEC | SFD_NONBLOCK))
            }
        )
    }

    /// The next pending signal; nil if there is none.
    public func next() -> Signal? {
        var record = signalfd_siginfo()
        let size = MemoryLayout<signalfd_siginfo>.size
        let count = unsafe read(descriptor.number, &record, size)
        return count == size ? Signal(rawValue: Int32(record.ssi_signo)) : nil
    }
}
