import Synchronization
public import SystemPackage

/// A lock on a file that is being waited for, together with whatever else can be polled.
///
/// flock(2) cannot be polled, so a thread waits in it. Who loses interest gives the value up; the
/// thread then lets go of the lock as soon as it has it.
public final class PendingFileLock: Sendable {
    private struct Outcome: ~Copyable {
        var lock: FileLock?
        var fault: SystemCallError?
    }

    private let outcome = Mutex(Outcome())
    private let wakeUp: WakeUp

    /// Begins to wait for the lock at `path`; makes the file when missing.
    public init(_ path: FilePath) throws(SystemCallError) {
        wakeUp = try WakeUp()
        try BackgroundThread.start { [self] in
            do throws(SystemCallError) {
                let lock = try FileLock(waitingFor: path)
                keep(lock)
            } catch {
                outcome.withLock { $0.fault = error }
            }
            wakeUp.signal()
        }
    }

    /// Readable once `take` has something to give.
    public var descriptor: Int32 { wakeUp.descriptor.number }

    /// The lock, once; nil while it is waited for.
    public func take() throws(SystemCallError) -> FileLock? {
        try outcome.withLock { (outcome) throws(SystemCallError) in
            if let fault = outcome.fault { throw fault }
            return outcome.lock.take()
        }
    }

    private func keep(_ lock: consuming FileLock) {
        var lock: FileLock? = lock
        outcome.withLock { $0.lock = lock.take() }
    }
}
