import Linux
import Synchronization

/// A flag that ends the threads of a build, and a descriptor that wakes them.
final class Cancellation: Sendable {
    private let wakeUp: WakeUp
    private let isSet = Mutex(false)

    init() throws(SystemCallError) { wakeUp = try WakeUp() }

    /// Readable once the build is cancelled.
    var descriptor: Int32 { wakeUp.descriptor.number }

    var isCancelled: Bool { isSet.withLock { $0 } }

    func cancel() {
        isSet.withLock { $0 = true }
        wakeUp.signal()
    }

    func check() throws(BuildError) {
        if isCancelled { throw BuildError(.cancelled) }
    }
}
