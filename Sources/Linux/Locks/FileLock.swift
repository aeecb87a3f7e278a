import CLinux
import Glibc
public import SystemPackage

/// An exclusive lock on a file, held until the value goes; the kernel frees it if we die.
///
/// Source: flock(2).
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Waits until the lock at `path` is free and takes it; makes the file when missing.
    public init(waitingFor path: FilePath) throws(SystemCallError) {
        while true {
            let opened = try Self.open(path)
            let number = opened.number
            try systemCall("flock", path.string) { flock(number, LOCK_EX) }
            if Self.isCurrent(number, path) {
                self.init(holding: opened)
                return
            }
        }
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
        return isCurrent(number, path) ? FileLock(holding: descriptor) : try tryTaking(path)
    }

    /// Whether the locked file is still the one at `path`: its last holder may have deleted it.
    private static func isCurrent(_ descriptor: Int32, _ path: FilePath) -> Bool {
        var (locked, present) = (stat(), stat())
        return unsafe fstat(descriptor, &locked) == 0 && stat(path.string, &present) == 0
            && locked.st_ino == present.st_ino && locked.st_dev == present.st_dev
    }

    /// Writes into the file who holds it, for those who wait.
    public borrowing func sign() throws(SystemCallError) {
        try descriptor.truncate(to: 0)
        try descriptor.write(Array("\(CurrentProcess.pid)\n".utf8), at: 0)
    }

    /// The process that has signed the lock at `path`; nil when nobody has.
    public static func signatory(of path: FilePath) -> Int32? {
        // For a message only: a file that cannot be read names nobody.
        let text = try? FileSystem.readText(path)
        return text.flatMap { Int32($0.prefix { $0 != "\n" }) }
    }

    /// Runs `body`, then gives the lock back.
    public consuming func whileHeld<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body()
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
