import Linux
import Synchronization
import SystemPackage

/// The lock of the process that watches a project's files.
public final class WatchLock: Sendable {
    private let lock: Mutex<FileLock?>

    /// Throws if another process is watching already.
    public init(_ paths: DataPaths, project: String) throws {
        let files = paths.project(project)
        try FileSystem.makeDirectories(files.run, mode: 0o700)
        guard let lock = try FileLock.tryTaking(files.watchLock) else {
            throw OrchestratorError.alreadyWatched(
                project: project,
                process: FileLock.owner(of: files.watchLock)
            )
        }
        try lock.recordOwner()
        self.lock = Mutex(lock)
    }

    /// Gives the lock back.
    public func release() { lock.withLock { $0 = nil } }
}
