import Linux
import Synchronization

/// Tells the threads of a build that it is to end.
final class Cancellation: Sendable {
    private let wakeUp: WakeUp
    private let isSet = Mutex(false)

    init() throws(SystemCallError) { wakeUp = try WakeUp() }

    /// Readable once the build is to end.
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
