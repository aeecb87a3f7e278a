import ContainerRuntime
import Linux
import SystemPackage

@testable import Orchestrator

extension SupervisorFixture {
    /// Waits until a container has written a line.
    func waitForLine(_ text: String, of record: ContainerRecord) async throws {
        let (lines, continuation) = AsyncStream<String>.makeStream()
        let source = LogSource(container: record.id, log: files.container(record.id).log)
        let session = try LogSession([source], LogOptions(follow: true)) { line in
            continuation.yield(String(decoding: line.text, as: UTF8.self))
            return true
        } onPause: {
            true
        }
        for await line in lines where line == text { break }
        session.stop()
        await session.ended()
    }

    /// Waits until a container has written `count` lines.
    func waitForLines(_ count: Int, of record: ContainerRecord) async throws {
        let (lines, continuation) = AsyncStream<Void>.makeStream()
        let source = LogSource(container: record.id, log: files.container(record.id).log)
        let session = try LogSession([source], LogOptions(follow: true)) { _ in
            continuation.yield()
            return true
        } onPause: {
            true
        }
        var seen = 0
        for await _ in lines {
            seen += 1
            if seen == count { break }
        }
        session.stop()
        await session.ended()
    }

    /// Waits until a directory has an entry with this name.
    func waitForEntry(_ name: String, in directory: FilePath) async throws {
        try await BackgroundThread.run {
            let watcher = try FileWatcher()
            _ = try watcher.watch(directory, for: [.created, .movedHere])
            while !FileSystem.exists(directory.appending(name)) {
                _ = try Readiness.wait(for: [watcher.descriptor.number])
                _ = try watcher.changes()
            }
        }
    }

    /// The command lines of a container's processes.
    func commands(of record: ContainerRecord) throws -> [String] {
        try Cgroup("/\(project)/\(record.id)", in: try .discover()).processes().map { pid in
            try FileSystem.readText(FilePath("/proc/\(pid)/cmdline"))
                .replacing("\0", with: " ")
        }
    }
}

/// Whether a supervisor has reported the right exit code of a process that was not its child.
///
/// Kernels before 6.15 cannot report it once another process has reaped the child: nil is right then.
func isExitCodeOfNonChild(_ code: Int32?, expected: Int32) -> Bool {
    let release = (try? FileSystem.readText("/proc/sys/kernel/osrelease")) ?? ""
    let version = release.split(separator: ".").prefix(2).compactMap { Int($0) }
    let canBeLost = version.lexicographicallyPrecedes([6, 15])
    return code == expected || (canBeLost && code == nil)
}
