import CLinux
import Glibc
public import SystemPackage

/// Operations on files and directories of the host, by path.
///
/// Paths inside a container's root file system go through `ConfinedDirectory` instead.
public enum FileSystem {
    /// Creates the directory at `path` and its missing parents; does nothing if it exists.
    public static func makeDirectories(
        _ path: FilePath,
        mode: UInt16 = 0o755
    ) throws(SystemCallError) {
        do {
            try makeDirectory(path, mode: mode)
        } catch  where error.reason == .fileExists {
            guard try status(of: path).kind == .directory else { throw error }
        } catch  where error.reason == .noSuchFileOrDirectory {
            let parent = path.removingLastComponent()
            if parent.isEmpty || parent == path { throw error }
            try makeDirectories(parent, mode: mode)
            try makeDirectories(path, mode: mode)
        }
    }

    /// Creates a directory; throws `EEXIST` if the path exists.
    public static func makeDirectory(
        _ path: FilePath,
        mode: UInt16 = 0o755
    ) throws(SystemCallError) {
        try systemCall("mkdir", path.string) { unsafe mkdir(path.string, mode_t(mode)) }
    }

    /// The content of the file at `path`.
    public static func read(_ path: FilePath) throws(SystemCallError) -> [UInt8] {
        let file = try Descriptor.open(path)
        do {
            return try file.readToEnd()
        } catch {
            throw SystemCallError(call: error.call, subject: path.string, reason: error.reason)
        }
    }

    /// The content of the file as text; invalid UTF-8 becomes U+FFFD.
    public static func readText(_ path: FilePath) throws(SystemCallError) -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    /// Writes to the existing file at `path`, such as a kernel parameter or a cgroup setting.
    public static func write(_ text: String, into path: FilePath) throws(SystemCallError) {
        let file = try Descriptor.open(path, .writing)
        do {
            try file.write(Array(text.utf8))
        } catch {
            throw SystemCallError(call: error.call, subject: path.string, reason: error.reason)
        }
    }

    /// The names in a directory except `.` and `..`, sorted.
    public static func entries(of path: FilePath) throws(SystemCallError) -> [String] {
        let directory = try Descriptor.open(path, .directory)
        return try DirectoryReader.names(in: directory).map { name in
            unsafe name.withUnsafeBufferPointer { buffer in
                String(
                    decoding: unsafe buffer.dropLast().map(UInt8.init(bitPattern:)),
                    as: UTF8.self
                )
            }
        }.sorted()
    }

    /// Whether `path` exists; true for a dangling symbolic link.
    public static func exists(_ path: FilePath) -> Bool {
        unsafe faccessat(AT_FDCWD, path.string, F_OK, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// Whether this process may read `path`.
    public static func isReadable(_ path: FilePath) -> Bool {
        unsafe faccessat(AT_FDCWD, path.string, R_OK, AT_EACCESS) == 0
    }

    /// Whether this process may write to `path`, or create entries if it is a directory.
    public static func isWritable(_ path: FilePath) -> Bool {
        unsafe faccessat(AT_FDCWD, path.string, W_OK, AT_EACCESS) == 0
    }

    /// The status of the file at `path`; of the target of a symbolic link by default.
    public static func status(
        of path: FilePath,
        followingLink: Bool = true
    ) throws(SystemCallError) -> FileStatus {
        var status = stat()
        let flags = followingLink ? 0 : AT_SYMLINK_NOFOLLOW
        try systemCall("stat", path.string) {
            unsafe fstatat(AT_FDCWD, path.string, &status, flags)
        }
        return FileStatus(status)
    }

    /// Renames a file or directory within one file system, replacing `target`.
    public static func rename(
        _ path: FilePath,
        to target: FilePath
    ) throws(SystemCallError) {
        try systemCall("rename", "\(path) to \(target)") {
            unsafe Glibc.rename(path.string, target.string)
        }
    }

    /// Exchanges two files or directories of one file system in one step. Source: renameat2(2).
    public static func exchange(
        _ path: FilePath,
        with other: FilePath
    ) throws(SystemCallError) {
        try systemCall("renameat2", "\(path) and \(other)") {
            unsafe clinux_exchange(path.string, other.string)
        }
    }

    /// Creates a hard link at `target` to the file at `path`.
    public static func link(_ path: FilePath, to target: FilePath) throws(SystemCallError) {
        try systemCall("link", "\(path) to \(target)") {
            unsafe Glibc.link(path.string, target.string)
        }
    }

    /// Creates a symbolic link at `path` to `target`.
    public static func makeSymbolicLink(
        _ path: FilePath,
        to target: FilePath
    ) throws(SystemCallError) {
        try systemCall("symlink", path.string) { unsafe symlink(target.string, path.string) }
    }

    /// The target of the symbolic link at `path`.
    public static func readSymbolicLink(_ path: FilePath) throws(SystemCallError) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        try systemCall("readlink", path.string) {
            unsafe readlink(path.string, &buffer, Int(PATH_MAX))
        }
        return FilePath(platformString: buffer)
    }

    /// Creates a FIFO; throws `EEXIST` if the path exists. Source: fifo(7).
    public static func makeFIFO(_ path: FilePath, mode: UInt16 = 0o600) throws(SystemCallError) {
        try systemCall("mkfifo", path.string) { unsafe mkfifo(path.string, mode_t(mode)) }
    }

    /// Removes the non-directory at `path`.
    public static func removeFile(_ path: FilePath) throws(SystemCallError) {
        try systemCall("unlink", path.string) { unsafe unlink(path.string) }
    }

    /// Removes the empty directory at `path`.
    public static func removeDirectory(_ path: FilePath) throws(SystemCallError) {
        try systemCall("rmdir", path.string) { unsafe rmdir(path.string) }
    }

    /// Sets the permission bits, independent of the umask; follows symbolic links.
    public static func setMode(of path: FilePath, to mode: UInt16) throws(SystemCallError) {
        try systemCall("chmod", path.string) { unsafe chmod(path.string, mode_t(mode)) }
    }

    /// Sets owner and group; of a symbolic link itself by default.
    public static func setOwner(
        of path: FilePath,
        user: UInt32,
        group: UInt32,
        followingLink: Bool = false
    ) throws(SystemCallError) {
        let flags = followingLink ? 0 : AT_SYMLINK_NOFOLLOW
        try systemCall("chown", path.string) {
            unsafe fchownat(AT_FDCWD, path.string, user, group, flags)
        }
    }

    /// Flushes the entries of a directory to disk. Source: fsync(2).
    public static func synchronize(directory path: FilePath) throws(SystemCallError) {
        let directory = try Descriptor.open(path.isEmpty ? "." : path, .directory)
        let number = directory.number
        try systemCall("fsync", path.string) { fsync(number) }
    }

    /// Flushes the whole file system that holds `path` to disk; for many files this is far cheaper
    /// than one fsync(2) each. Source: syncfs(2).
    public static func synchronizeAll(holding path: FilePath) throws(SystemCallError) {
        let directory = try Descriptor.open(path, .directory)
        let number = directory.number
        try systemCall("syncfs", path.string) { clinux_syncfs(number) }
    }

    /// The free space, in bytes, of the file system that holds `path`.
    ///
    /// Source: statvfs(3).
    public static func availableBytes(at path: FilePath) throws(SystemCallError) -> UInt64 {
        var status = statvfs()
        try systemCall("statvfs", path.string) { unsafe statvfs(path.string, &status) }
        let (size, overflows) = UInt64(status.f_bavail)
            .multipliedReportingOverflow(by: UInt64(status.f_frsize))
        return overflows ? .max : size
    }

    /// The number of files that can still be created in the file system that holds `path`; nil if
    /// it has no limit.
    ///
    /// Source: statvfs(3).
    public static func availableFiles(at path: FilePath) throws(SystemCallError) -> UInt64? {
        var status = statvfs()
        try systemCall("statvfs", path.string) { unsafe statvfs(path.string, &status) }
        return status.f_files == 0 ? nil : UInt64(status.f_favail)
    }
}
