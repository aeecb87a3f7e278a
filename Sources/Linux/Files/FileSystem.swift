import CLinux
import Glibc
public import SystemPackage

/// Files and directories of the host, by path.
///
/// Paths inside a container's root file system go through `ConfinedDirectory` instead.
public enum FileSystem {
    /// Makes the directory at `path` and every missing one above it; one that is there is fine.
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

    /// Makes one directory; throws `EEXIST` when something is there.
    public static func makeDirectory(
        _ path: FilePath,
        mode: UInt16 = 0o755
    ) throws(SystemCallError) {
        try systemCall("mkdir", path.string) { unsafe mkdir(path.string, mode_t(mode)) }
    }

    /// The whole content of the file at `path`.
    public static func read(_ path: FilePath) throws(SystemCallError) -> [UInt8] {
        let file = try Descriptor.open(path)
        do {
            return try file.readToEnd()
        } catch {
            throw SystemCallError(call: error.call, subject: path.string, reason: error.reason)
        }
    }

    /// The whole content as text; bytes that are no UTF-8 become U+FFFD.
    public static func readText(_ path: FilePath) throws(SystemCallError) -> String {
        String(decoding: try read(path), as: UTF8.self)
    }

    /// Writes into the existing file at `path`: kernel parameters and control groups.
    public static func write(_ text: String, into path: FilePath) throws(SystemCallError) {
        let file = try Descriptor.open(path, .writing)
        do {
            try file.write(Array(text.utf8))
        } catch {
            throw SystemCallError(call: error.call, subject: path.string, reason: error.reason)
        }
    }

    /// The names in a directory, sorted, without `.` and `..`.
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

    /// True when something is at `path`, also a link that leads nowhere.
    public static func exists(_ path: FilePath) -> Bool {
        unsafe faccessat(AT_FDCWD, path.string, F_OK, AT_SYMLINK_NOFOLLOW) == 0
    }

    /// What is at `path`; a symbolic link is followed unless told otherwise.
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

    /// Moves a file or directory within one file system, replacing what is at `target`.
    public static func rename(
        _ path: FilePath,
        to target: FilePath
    ) throws(SystemCallError) {
        try systemCall("rename", "\(path) to \(target)") {
            unsafe Glibc.rename(path.string, target.string)
        }
    }

    /// Gives the file at `path` a second name.
    public static func link(_ path: FilePath, to target: FilePath) throws(SystemCallError) {
        try systemCall("link", "\(path) to \(target)") {
            unsafe Glibc.link(path.string, target.string)
        }
    }

    /// Makes a symbolic link at `path` that leads to `target`.
    public static func makeSymbolicLink(
        _ path: FilePath,
        to target: FilePath
    ) throws(SystemCallError) {
        try systemCall("symlink", path.string) { unsafe symlink(target.string, path.string) }
    }

    /// Where the symbolic link at `path` leads.
    public static func readSymbolicLink(_ path: FilePath) throws(SystemCallError) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        try systemCall("readlink", path.string) {
            unsafe readlink(path.string, &buffer, Int(PATH_MAX))
        }
        return FilePath(platformString: buffer)
    }

    /// Makes a named pipe; throws `EEXIST` when something is there. Source: fifo(7).
    public static func makeFIFO(_ path: FilePath, mode: UInt16 = 0o600) throws(SystemCallError) {
        try systemCall("mkfifo", path.string) { unsafe mkfifo(path.string, mode_t(mode)) }
    }

    /// Removes the file, link, FIFO or device node at `path`.
    public static func removeFile(_ path: FilePath) throws(SystemCallError) {
        try systemCall("unlink", path.string) { unsafe unlink(path.string) }
    }

    /// Removes the empty directory at `path`.
    public static func removeDirectory(_ path: FilePath) throws(SystemCallError) {
        try systemCall("rmdir", path.string) { unsafe rmdir(path.string) }
    }

    /// Sets permission bits, whatever the umask; follows a link.
    public static func setMode(of path: FilePath, to mode: UInt16) throws(SystemCallError) {
        try systemCall("chmod", path.string) { unsafe chmod(path.string, mode_t(mode)) }
    }

    /// Sets owner and group; a link itself, not what it leads to, unless told otherwise.
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

    /// Makes the names in a directory last through a power cut.
    public static func synchronize(directory path: FilePath) throws(SystemCallError) {
        let directory = try Descriptor.open(path.isEmpty ? "." : path, .directory)
        let number = directory.number
        try systemCall("fsync", path.string) { fsync(number) }
    }
}
