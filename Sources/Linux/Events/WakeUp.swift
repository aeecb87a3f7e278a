import CLinux
import Glibc

/// Lets any thread wake one that waits on descriptors. Source: eventfd(2).
public struct WakeUp: ~Copyable, Sendable {
    /// Readable from `signal` until `clear`.
    public let descriptor: Descriptor

    public init() throws(SystemCallError) {
        descriptor = Descriptor(
            owning: try systemCall("eventfd", "wake-up") {
                eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
            }
        )
    }

    /// Wakes the waiting thread, now or as soon as it waits.
    public borrowing func signal() { _ = eventfd_write(descriptor.number, 1) }

    /// Makes ready for the next signal.
    public borrowing func clear() {
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor.number, &count)
    }
}
