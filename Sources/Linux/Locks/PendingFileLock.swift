import Synchronization
public import SystemPackage

/// A pending request for a file lock that can be awaited together with other descriptors.
///
/// flock(2) cannot be polled, so a thread blocks in it. If this value is destroyed first, the
/// thread releases the lock as soon as it acquires it.
public final class PendingFileLock: Sendable {
    private struct Outcome: ~Copyable {
        var lock: FileLock?
        var fault: SystemCallError?
    }

    private let outcome = Mutex(Outcome())
    private let wakeUp: WakeUp

    /// Starts waiting for the lock at `path`; creates the file if missing.
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

    /// Readable once `take` returns the lock or throws.
    public var descriptor: Int32 { wakeUp.descriptor.number }

    /// Returns the lock, once; nil while it is pending.
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
