import CLinux
import Glibc
public import SystemPackage

/// Files that are either wholly there or not at all, also after a power cut.
public enum AtomicFile {
    /// Replaces the file at `path` in one step: temporary file, fsync, rename, fsync of directory.
    ///
    /// `mode` is taken as it is, whatever the umask. Without `flushing` no fsync is called: the
    /// file outlives every process, but a power cut only once `FileSystem.synchronizeAll` has
    /// returned; until then it may be found empty.
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
            // The first fault is the one to tell; a left-over temporary file harms nobody.
            try? FileSystem.removeFile(temporary)
            throw error
        }
        if flushing { try FileSystem.synchronize(directory: path.removingLastComponent()) }
    }

    /// Removes from `directory` the temporary files of writers that died.
    ///
    /// For whoever keeps other writers away meanwhile.
    public static func removeLeftovers(in directory: FilePath) throws(SystemCallError) {
        for name in try FileSystem.entries(of: directory)
        where name.hasPrefix(".") && name.hasSuffix(temporarySuffix) {
            try FileSystem.removeFile(directory.appending(name))
        }
    }

    /// What no other file's name ends with.
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
