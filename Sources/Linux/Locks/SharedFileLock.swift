import CLinux
import Glibc
public import SystemPackage

/// A lock on a file that many may hold at once, but nobody while one holds it exclusively.
///
/// The file at the path is never deleted. Source: flock(2).
public struct SharedFileLock: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Waits until nobody holds the lock at `path` exclusively; makes the file when missing.
    public init(waitingFor path: FilePath) throws(SystemCallError) {
        let opened = try Descriptor.open(path, [.readingAndWriting, .creating], mode: 0o600)
        let number = opened.number
        try systemCall("flock", path.string) { flock(number, LOCK_SH) }
        descriptor = opened
    }
}
