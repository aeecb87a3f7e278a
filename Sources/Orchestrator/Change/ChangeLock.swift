import Linux
import SystemPackage

/// The lock of one project's changes, held until it is released or goes.
final class ChangeLock: Sendable {
    private let lock: FileLock

    private init(_ lock: consuming FileLock) { self.lock = lock }

    /// Waits, on a thread of its own, until no other command changes the project; `progress` is
    /// told whom it waits for.
    static func take(
        _ path: FilePath,
        of project: String,
        progress: ProgressSink
    ) async throws -> ChangeLock {
        let free = try inDirectory(of: path) { () throws(SystemCallError) in
            try FileLock.tryTaking(path)
        }
        if let free { return try ChangeLock(signing: free) }
        let object = "Project \(project)"
        progress(ProgressEvent(object, "Waiting", .working, detail: holder(of: path)))
        let lock = try await BackgroundThread.run {
            try ChangeLock(
                signing: try inDirectory(of: path) { () throws(SystemCallError) in
                    try FileLock(waitingFor: path)
                }
            )
        }
        progress(ProgressEvent(object, "Free", .done))
        return lock
    }

    /// Who had the lock may have removed the project, and this directory with it.
    private static func inDirectory<Lock: ~Copyable>(
        of path: FilePath,
        _ take: () throws(SystemCallError) -> Lock
    ) throws(SystemCallError) -> Lock {
        while true {
            try FileSystem.makeDirectories(path.removingLastComponent(), mode: 0o700)
            do throws(SystemCallError) {
                return try take()
            } catch {
                guard error.reason == .noSuchFileOrDirectory else { throw error }
            }
        }
    }

    private convenience init(signing lock: consuming FileLock) throws(SystemCallError) {
        try lock.sign()
        self.init(lock)
    }

    private static func holder(of path: FilePath) -> String {
        guard let pid = FileLock.signatory(of: path),
            // It may have ended just now.
            let command = try? FileSystem.readText(FilePath("/proc/\(pid)/cmdline"))
        else { return "for another command that changes it" }
        let words = command.split(separator: "\0").joined(separator: " ")
        return "for process \(pid), which changes it: \(words)"
    }

    /// Called last, so that the lock is seen to live until then.
    func release() {}
}
