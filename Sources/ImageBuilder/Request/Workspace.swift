import Linux
import SystemPackage

/// The directory in which one build works; gone when the build is.
///
/// A lock inside tells other builds that it is in use: what a killed build leaves is removed by
/// the next one.
final class Workspace: Sendable {
    let directory: FilePath
    private let lock: FileLock

    /// Makes a directory below `parent` and removes those whose builds have died; `clear` removes
    /// what else their steps may have left, by the names of the steps' directories.
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

    /// Removes everything; what cannot be removed is left to the next build.
    func remove() {
        // The build's own outcome is what counts; the next build sweeps.
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
            // Another build's leftovers are no reason to fail this one.
            let steps = (try? FileSystem.entries(of: stale)) ?? []
            clear(steps.map { stale.appending($0) })
            try? FileSystem.removeTree(stale)
            try? FileSystem.removeFile(path)
            _ = consume lock
        }
    }
}
