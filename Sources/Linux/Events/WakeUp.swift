import CLinux
import Glibc

/// Wakes a thread that waits for descriptors, from any other thread. Source: eventfd(2).
public struct WakeUp: ~Copyable, Sendable {
    /// Readable between `signal` and `clear`.
    public let descriptor: Descriptor

    public init() throws(SystemCallError) {
        descriptor = Descriptor(
            owning: try systemCall("eventfd", "wake-up") {
                eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
            }
        )
    }

    /// Wakes the waiting thread, or makes its next wait return at once.
    public borrowing func signal() { _ = eventfd_write(descriptor.number, 1) }

    /// Resets the event for the next signal.
    public borrowing func clear() {
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor.number, &count)
    }
}
