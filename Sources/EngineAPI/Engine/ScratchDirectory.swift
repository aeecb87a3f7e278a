import Linux
import SystemPackage

/// A directory for the content that one request brings, removed at its end.
///
/// The directories are numbered, and the lowest number whose lock is free is taken: so a later
/// request removes what a killed process has left, and the digests that the build cache keeps for
/// each context stay few.
final class ScratchDirectory: Sendable {
    let path: FilePath
    private let lock: FileLock

    /// Makes an empty directory below `data`.
    init(in data: FilePath) throws(SystemCallError) {
        let parent = data.appending("requests")
        try FileSystem.makeDirectories(parent, mode: 0o700)
        var number = 0
        while true {
            let name = "\(number)"
            if let lock = try FileLock.tryTaking(parent.appending("\(name).lock")) {
                path = parent.appending(name)
                self.lock = lock
                break
            }
            number += 1
        }
        if FileSystem.exists(path) { try FileSystem.removeTree(path) }
        try FileSystem.makeDirectory(path, mode: 0o700)
    }

    /// Removes the directory; a later request removes what this cannot.
    func remove() { try? FileSystem.removeTree(path) }
}
