import CLinux
import Glibc
public import SystemPackage

/// Flags for opening files; close-on-exec is always set. Source: open(2).
public struct OpenOptions: OptionSet, Sendable {
    public let rawValue: Int32
    public init(rawValue: Int32) { self.rawValue = rawValue }

    public static let writing = OpenOptions(rawValue: O_WRONLY)
    public static let readingAndWriting = OpenOptions(rawValue: O_RDWR)
    public static let creating = OpenOptions(rawValue: O_CREAT)
    public static let exclusive = OpenOptions(rawValue: O_EXCL)
    public static let truncating = OpenOptions(rawValue: O_TRUNC)
    public static let appending = OpenOptions(rawValue: O_APPEND)
    public static let nonBlocking = OpenOptions(rawValue: O_NONBLOCK)
    public static let noTerminalControl = OpenOptions(rawValue: O_NOCTTY)
    /// Refers to a path without opening the file.
    public static let pathOnly = OpenOptions(rawValue: clinux_o_path)
    public static let directory = OpenOptions(rawValue: clinux_o_directory)
    public static let notFollowingLink = OpenOptions(rawValue: clinux_o_nofollow)
}

extension Descriptor {
    /// Opens `path`, for reading by default.
    public static func open(
        _ path: FilePath,
        _ options: OpenOptions = [],
        mode: UInt16 = 0o644
    ) throws(SystemCallError) -> Descriptor {
        Descriptor(
            owning: try systemCall("open", path.string) {
                unsafe clinux_open(AT_FDCWD, path.string, options.rawValue, mode_t(mode))
            }
        )
    }

    /// Creates a file without a name in `directory`, removed with its last descriptor.
    public static func openUnnamed(in directory: FilePath) throws(SystemCallError) -> Descriptor {
        try open(directory, OpenOptions(rawValue: O_RDWR | clinux_o_tmpfile), mode: 0o600)
    }

    /// Duplicates the descriptor; the copy is closed on exec.
    public borrowing func duplicate(
        atLeast lowest: Int32 = 3
    ) throws(SystemCallError) -> Descriptor {
        try Descriptor.duplicating(number, atLeast: lowest)
    }

    /// Duplicates the descriptor `number`; the copy is closed on exec.
    ///
    /// Its number is `lowest` or higher.
    public static func duplicating(
        _ number: Int32,
        atLeast lowest: Int32 = 3
    ) throws(SystemCallError) -> Descriptor {
        Descriptor(
            owning: try systemCall("fcntl", "descriptor \(number)") {
                fcntl(number, F_DUPFD_CLOEXEC, lowest)
            }
        )
    }

    /// Writes all of `bytes`, blocking as needed.
    public borrowing func write(_ bytes: [UInt8]) throws(SystemCallError) {
        try Self.write(bytes, to: number)
    }

    /// Writes all of `bytes` to a descriptor owned by the caller.
    public static func write(_ bytes: [UInt8], to number: Int32) throws(SystemCallError) {
        var written = 0
        while written < bytes.count {
            written += try systemCall("write", "descriptor \(number)") {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe Glibc.write(
                        number,
                        buffer.baseAddress?.advanced(by: written),
                        buffer.count - written
                    )
                }
            }
        }
    }

    /// Writes as much of `bytes` as fits to a nonblocking descriptor; returns the count.
    public borrowing func offer(_ bytes: ArraySlice<UInt8>) throws(SystemCallError) -> Int {
        let number = number
        do {
            return try systemCall("write", "descriptor \(number)") {
                unsafe bytes.withUnsafeBytes { buffer in
                    unsafe Glibc.write(number, buffer.baseAddress, buffer.count)
                }
            }
        } catch  where error.reason == .wouldBlock {
            return 0
        }
    }

    /// Reads up to `limit` bytes once; returns an empty array at the end of the file.
    public borrowing func read(upTo limit: Int = 65_536) throws(SystemCallError) -> [UInt8] {
        try Self.read(from: number, upTo: limit)
    }

    /// Reads up to `limit` bytes once from a descriptor owned by the caller.
    public static func read(
        from number: Int32,
        upTo limit: Int = 65_536
    ) throws(SystemCallError) -> [UInt8] {
        var failure: SystemCallError?
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            do throws(SystemCallError) {
                count = try systemCall("read", "descriptor \(number)") {
                    unsafe Glibc.read(number, buffer.baseAddress, limit)
                }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return bytes
    }

    /// Reads until the end of the file.
    public borrowing func readToEnd() throws(SystemCallError) -> [UInt8] {
        var all: [UInt8] = []
        while true {
            let chunk = try read()
            if chunk.isEmpty { return all }
            all += chunk
        }
    }

    /// Makes reads and writes return `EAGAIN` instead of blocking, or restores blocking.
    public borrowing func setNonBlocking(_ nonBlocking: Bool) throws(SystemCallError) {
        let number = number
        let flags = try systemCall("fcntl", "descriptor \(number)") { fcntl(number, F_GETFL) }
        let wanted = nonBlocking ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
        try systemCall("fcntl", "descriptor \(number)") { fcntl(number, F_SETFL, wanted) }
    }

    /// Flushes the file's content to disk. Source: fsync(2).
    public borrowing func synchronize() throws(SystemCallError) {
        let number = number
        try systemCall("fsync", "descriptor \(number)") { fsync(number) }
    }
}
