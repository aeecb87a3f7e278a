import Linux
import SystemPackage

/// Held by the one process that watches a project's files.
public final class WatchLock: Sendable {
    private let lock: FileLock

    /// Throws when somebody else watches already.
    public init(_ paths: DataPaths, project: String) throws {
        let files = paths.project(project)
        try FileSystem.makeDirectories(files.run, mode: 0o700)
        guard let lock = try FileLock.tryTaking(files.watchLock) else {
            throw OrchestratorError.alreadyWatched(
                project: project,
                process: FileLock.signatory(of: files.watchLock)
            )
        }
        try lock.sign()
        self.lock = lock
    }

    /// Says where it is needed no more; it is free once nobody has it.
    public func release() {}
}
