import Linux
import SystemPackage

/// The working directory of one build, removed at its end.
///
/// A lock beside it marks it as in use: the next build removes the directory of one that was
/// killed.
final class Workspace: Sendable {
    let directory: FilePath
    private let lock: FileLock

    /// Makes a directory below `parent` and removes those of builds that were killed.
    ///
    /// `clear` receives the step directories of those builds before they are removed, to remove
    /// what the steps left elsewhere.
    init(
        in parent: FilePath,
        clear: ([FilePath]) -> Void = { _ in }
    ) throws(SystemCallError) {
        try FileSystem.makeDirectories(parent, mode: 0o711)
        try Self.sweep(parent, clear)
        let name = String(UInt64.random(in: .min ... .max), radix: 36)
        directory = parent.appending(name)
        lock = try FileLock(waitingFor: parent.appending(name + ".lock"))
        try FileSystem.makeDirectory(directory, mode: 0o711)
    }

    /// A new empty directory for one step.
    func makeStepDirectory() throws(SystemCallError) -> FilePath {
        let name = String(UInt64.random(in: .min ... .max), radix: 36)
        let path = directory.appending(name)
        try FileSystem.makeDirectory(path, mode: 0o711)
        return path
    }

    /// Removes the directory; the next build removes what this cannot.
    func remove() {
        // A leftover directory must not change the outcome of the build.
        try? FileSystem.removeTree(directory)
        try? FileSystem.removeFile(FilePath(directory.string + ".lock"))
    }

    private static func sweep(
        _ parent: FilePath,
        _ clear: ([FilePath]) -> Void
    ) throws(SystemCallError) {
        for name in try FileSystem.entries(of: parent) where name.hasSuffix(".lock") {
            let path = parent.appending(name)
            guard let lock = try FileLock.tryTaking(path) else { continue }
            let stale = parent.appending(String(name.dropLast(".lock".count)))
            // Leftovers of another build must not fail this one; the next build tries again.
            let steps = (try? FileSystem.entries(of: stale)) ?? []
            clear(steps.map { stale.appending($0) })
            try? FileSystem.removeTree(stale)
            try? FileSystem.removeFile(path)
            _ = consume lock
        }
    }
}
