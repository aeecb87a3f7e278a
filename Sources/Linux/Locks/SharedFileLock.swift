import CLinux
import Glibc
public import SystemPackage

/// A shared file lock, held by any number of owners but never together with an exclusive one.
///
/// The file at the path is never deleted. Source: flock(2).
public struct SharedFileLock: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Waits until the lock at `path` is not held exclusively; creates the file if missing.
    public init(waitingFor path: FilePath) throws(SystemCallError) {
        let opened = try Descriptor.open(path, [.readingAndWriting, .creating], mode: 0o600)
        let number = opened.number
        try systemCall("flock", path.string) { flock(number, LOCK_SH) }
        descriptor = opened
    }
}
