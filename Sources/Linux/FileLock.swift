import Glibc
public import SystemPackage

/// An exclusive lock on a file, held until the value goes; the kernel frees it if we die.
///
/// Source: flock(2).
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Waits until the lock at `path` is free and takes it; makes the file when missing.
    public init(waitingFor path: FilePath) throws(SystemCallError) {
        let opened = try Self.open(path)
        let number = opened.number
        try systemCall("flock", path.string) { flock(number, LOCK_EX) }
        self.init(holding: opened)
    }

    /// Takes the lock at `path`; nil when another process holds it.
    public static func tryTaking(_ path: FilePath) throws(SystemCallError) -> FileLock? {
        let descriptor = try Self.open(path)
        let number = descriptor.number
        do {
            try systemCall("flock", path.string) { flock(number, LOCK_EX | LOCK_NB) }
        } catch  where error.reason == .wouldBlock {
            return nil
        }
        return FileLock(holding: descriptor)
    }

    private init(holding descriptor: consuming Descriptor) { self.descriptor = descriptor }

    private static func open(_ path: FilePath) throws(SystemCallError) -> Descriptor {
        Descriptor(
            owning: try systemCall("open", path.string) {
                unsafe Glibc.open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            }
        )
    }
}
