import CLinux
import Glibc
public import SystemPackage

/// Files that are written completely or not at all, even across a power failure.
public enum AtomicFile {
    /// Replaces the file at `path` atomically: temporary file, fsync, rename, fsync of the
    /// directory.
    ///
    /// `mode` is independent of the umask. Without `flushing`, fsync is not called: the file
    /// survives a crash of any process, but a power failure only after `FileSystem.synchronizeAll`;
    /// before that it may be empty.
    public static func write(
        _ bytes: [UInt8],
        to path: FilePath,
        mode: UInt16 = 0o644,
        flushing: Bool = true
    ) throws(SystemCallError) {
        let temporary = temporaryName(for: path)
        do {
            try fill(temporary, with: bytes, mode: mode, flushing: flushing)
            try FileSystem.rename(temporary, to: path)
        } catch {
            // Report the first error; a leftover temporary file is harmless.
            try? FileSystem.removeFile(temporary)
            throw error
        }
        if flushing { try FileSystem.synchronize(directory: path.removingLastComponent()) }
    }

    /// Removes temporary files of crashed writers from `directory`.
    ///
    /// The caller must exclude other writers.
    public static func removeLeftovers(in directory: FilePath) throws(SystemCallError) {
        for name in try FileSystem.entries(of: directory)
        where name.hasPrefix(".") && name.hasSuffix(temporarySuffix) {
            try FileSystem.removeFile(directory.appending(name))
        }
    }

    /// The suffix of temporary files, which no other file has.
    private static let temporarySuffix = "~new"

    private static func fill(
        _ path: FilePath,
        with bytes: [UInt8],
        mode: UInt16,
        flushing: Bool
    ) throws(SystemCallError) {
        let file = try Descriptor.open(path, [.writing, .creating, .exclusive], mode: 0o600)
        try file.write(bytes)
        let number = file.number
        try systemCall("fchmod", path.string) { fchmod(number, mode_t(mode)) }
        if flushing { try systemCall("fsync", path.string) { fsync(number) } }
    }

    private static func temporaryName(for path: FilePath) -> FilePath {
        let name = path.lastComponent?.string ?? ""
        let unique = String(UInt64.random(in: .min ... .max), radix: 36)
        return path.removingLastComponent().appending(".\(name).\(unique)\(temporarySuffix)")
    }
}
