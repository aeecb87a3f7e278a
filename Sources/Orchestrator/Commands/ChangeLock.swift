import Linux
import SystemPackage

/// The lock of one project's changes, held until it is released or goes.
final class ChangeLock: Sendable {
    private let lock: FileLock

    private init(_ lock: consuming FileLock) { self.lock = lock }

    /// Waits, on a thread of its own, until no other command changes the project.
    static func take(_ path: FilePath) async throws -> ChangeLock {
        try FileSystem.makeDirectories(path.removingLastComponent(), mode: 0o700)
        if let free = try FileLock.tryTaking(path) { return ChangeLock(free) }
        return try await BackgroundThread.run { ChangeLock(try FileLock(waitingFor: path)) }
    }

    /// Called last, so that the lock is seen to live until then.
    func release() {}
}
