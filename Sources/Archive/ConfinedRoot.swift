import CArchive
import Glibc
import Linux
import SystemPackage

/// A directory that confines all paths, whatever symbolic links it contains.
///
/// Symbolic links are resolved as if it were the root directory. Source: openat2(2),
/// RESOLVE_IN_ROOT.
final class ConfinedRoot {
    let path: FilePath
    private let descriptor: Descriptor
    /// Recently opened directories: archives list the entries of a directory consecutively.
    private var opened: [FilePath: DirectoryHandle] = [:]

    init(_ path: FilePath) throws(ArchiveError) {
        self.path = path
        descriptor = Descriptor(
            owning: try call("open", path.string) {
                unsafe path.withPlatformString {
                    unsafe Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                }
            }
        )
    }

    /// Confines paths to the open directory `number`, which messages call `path`.
    init(_ path: FilePath, duplicating number: Int32) throws(ArchiveError) {
        self.path = path
        descriptor = Descriptor(
            owning: try call("dup", path.string) { fcntl(number, F_DUPFD_CLOEXEC, 0) }
        )
    }

    /// Normalizes the path of an entry to one relative to the root without `..`.
    static func relative(_ path: FilePath, in archive: String) throws(ArchiveError) -> FilePath {
        guard unsafe path.withPlatformString({ unsafe !isPlain($0) }) else { return path }
        var parts: [FilePath.Component] = []
        for part in path.components {
            switch part.kind {
            case .regular: parts.append(part)
            case .currentDirectory: break
            case .parentDirectory:
                // "/.." is "/", but a relative name that leads above the root is an attempt to
                // escape.
                guard parts.popLast() != nil || path.isAbsolute else {
                    throw ArchiveError(.escapesRoot, in: "\(archive), \(path)")
                }
            }
        }
        return FilePath(root: nil, parts)
    }

    /// Whether a path is relative and has no `.` or `..` component, as nearly all in archives.
    private static func isPlain(_ path: UnsafePointer<CChar>) -> Bool {
        let (dot, slash) = (CChar(UInt8(ascii: ".")), CChar(UInt8(ascii: "/")))
        var (position, previous) = (0, slash)
        while unsafe path[position] != 0 {
            let character = unsafe path[position]
            // Hidden files also take the slow path, which is correct for them too.
            if previous == slash, character == dot || character == slash { return false }
            previous = character
            position += 1
        }
        return position > 0
    }

    /// Opens the directory at `path`, creating it and its parents if missing.
    func directory(_ path: FilePath) throws(ArchiveError) -> DirectoryHandle {
        if let handle = opened[path] { return handle }
        let handle: DirectoryHandle
        if let existing = try open(path) {
            handle = existing
        } else {
            try makeDirectory(path)
            guard let made = try open(path) else { throw missing(path) }
            handle = made
        }
        if opened.count >= 64 { opened = [:] }
        opened[path] = handle
        return handle
    }

    /// Opens the directory at `path`; throws if it does not exist.
    func existingDirectory(_ path: FilePath) throws(ArchiveError) -> DirectoryHandle {
        if let handle = opened[path] { return handle }
        guard let handle = try open(path) else { throw missing(path) }
        return handle
    }

    /// Clears the cache after a name was removed or replaced: it may have been a directory.
    func forgetOpened() { opened = [:] }

    /// Returns nil if `path` does not exist.
    private func open(_ path: FilePath) throws(ArchiveError) -> DirectoryHandle? {
        let (root, target) = (descriptor.number, path.isEmpty ? "." : path)
        do throws(ArchiveError) {
            let number = try call("openat2", subject(path)) {
                unsafe target.withPlatformString {
                    unsafe carchive_open_in_root(root, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                }
            }
            return DirectoryHandle(owning: Descriptor(owning: number))
        } catch {
            guard case .system(let fault) = error.problem, fault.reason == .noSuchFileOrDirectory
            else { throw error }
            return nil
        }
    }

    private func makeDirectory(_ path: FilePath) throws(ArchiveError) {
        guard let name = path.lastComponent else { throw missing(path) }
        let parent = try directory(path.removingLastComponent())
        try call("mkdir", subject(path)) {
            unsafe name.withPlatformString { unsafe mkdirat(parent.number, $0, 0o755) }
        }
    }

    func subject(_ path: FilePath) -> String { self.path.appending(path.components).string }

    private func missing(_ path: FilePath) -> ArchiveError {
        let error = SystemCallError(
            call: "open",
            subject: subject(path),
            reason: .noSuchFileOrDirectory
        )
        return ArchiveError(.system(error), in: subject(path))
    }
}

/// An open directory.
final class DirectoryHandle {
    private let descriptor: Descriptor

    init(owning descriptor: consuming Descriptor) { self.descriptor = descriptor }

    var number: Int32 { descriptor.number }

    /// Whether it is on a kernel file system such as procfs.
    var isKernelFileSystem: Bool { descriptor.isOnKernelFileSystem() }
}
