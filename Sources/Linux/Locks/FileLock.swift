import CLinux
import Glibc
public import SystemPackage

/// An exclusive file lock, held until the value is destroyed or the process exits.
///
/// Source: flock(2).
public struct FileLock: ~Copyable, Sendable {
    private let descriptor: Descriptor

    /// Waits for the lock at `path`; creates the file if missing.
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

    /// Waits for the lock at `path`, in directories that are created with `mode` as often as another
    /// process removes them.
    public init(
        waitingFor path: FilePath,
        creatingDirectories mode: UInt16
    ) throws(SystemCallError) {
        while true {
            try FileSystem.makeDirectories(path.removingLastComponent(), mode: mode)
            do throws(SystemCallError) {
                self = try FileLock(waitingFor: path)
                return
            } catch {
                guard error.reason == .noSuchFileOrDirectory else { throw error }
            }
        }
    }

    /// Takes the lock at `path`; returns nil if it is held elsewhere.
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

    /// Whether the locked file is still at `path`: its last owner may have deleted it.
    private static func isCurrent(_ descriptor: Int32, _ path: FilePath) -> Bool {
        var (locked, present) = (stat(), stat())
        return unsafe fstat(descriptor, &locked) == 0 && stat(path.string, &present) == 0
            && locked.st_ino == present.st_ino && locked.st_dev == present.st_dev
    }

    /// Writes the process ID of the owner to the file, for messages of waiting processes.
    public borrowing func recordOwner() throws(SystemCallError) {
        try descriptor.truncate(to: 0)
        try descriptor.write(Array("\(CurrentProcess.pid)\n".utf8), at: 0)
    }

    /// The process that owns the lock at `path` according to `recordOwner`; nil if unknown.
    public static func owner(of path: FilePath) -> Int32? {
        // Used in messages only, so an unreadable file counts as unknown.
        let text = try? FileSystem.readText(path)
        return text.flatMap { Int32($0.prefix { $0 != "\n" }) }
    }

    /// Runs `body`, then releases the lock.
    public consuming func whileHeld<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body()
    }

    /// The locked file's descriptor. A process that inherits it holds the lock too.
    public var number: Int32 { descriptor.number }

    private init(holding descriptor: consuming Descriptor) { self.descriptor = descriptor }

    private static func open(_ path: FilePath) throws(SystemCallError) -> Descriptor {
        Descriptor(
            owning: try systemCall("open", path.string) {
                unsafe Glibc.open(path.string, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            }
        )
    }
}
