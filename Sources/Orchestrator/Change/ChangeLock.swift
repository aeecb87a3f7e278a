import Linux
import Synchronization
import SystemPackage

/// The lock that serializes changes of a project; held until it is released or deallocated.
final class ChangeLock: Sendable {
    private let lock: Mutex<FileLock?>

    private init(_ lock: consuming FileLock) { self.lock = Mutex(lock) }

    /// Takes the lock at `path`, waiting on a separate thread while another command holds it;
    /// reports the holder to `progress`.
    static func take(
        _ path: FilePath,
        of project: String,
        progress: ProgressSink
    ) async throws -> ChangeLock {
        let free = try inDirectory(of: path) { () throws(SystemCallError) in
            try FileLock.tryTaking(path)
        }
        if let free { return ChangeLock(signing: free) }
        let object = "Project \(project)"
        progress(ProgressEvent(object, "Waiting", .working, detail: holder(of: path)))
        // Once cancelled, the thread releases the lock as soon as it gets it.
        let waiting = Task {
            try await BackgroundThread.run {
                ChangeLock(
                    signing: try inDirectory(of: path) { () throws(SystemCallError) in
                        try FileLock(waitingFor: path)
                    }
                )
            }
        }
        guard let result = await waiting.resultUnlessCancelled else { throw CancellationError() }
        let lock = try result.get()
        progress(ProgressEvent(object, "Free", .done))
        return lock
    }

    /// Retries: the previous holder may have removed the project together with the lock's directory.
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

    private convenience init(signing lock: consuming FileLock) {
        // The owner is for messages only; on a full disk it remains unknown.
        try? lock.recordOwner()
        self.init(lock)
    }

    private static func holder(of path: FilePath) -> String {
        guard let pid = FileLock.owner(of: path),
            // The holder may have exited in between.
            let command = try? FileSystem.readText(FilePath("/proc/\(pid)/cmdline"))
        else { return "for another command that is changing it" }
        let words = command.split(separator: "\0").joined(separator: " ")
        return "for process \(pid), which is changing it: \(words)"
    }

    /// Gives the lock back.
    func release() { lock.withLock { $0 = nil } }
}
