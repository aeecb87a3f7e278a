import CLinux
import Glibc
import SystemPackage

/// A possibly hostile directory tree; everything opened through it is inside it.
///
/// Symbolic links are resolved as if this directory were the root: neither absolute links nor `..`
/// lead outside. Source: openat2(2), `RESOLVE_IN_ROOT`; Linux 5.6.
public struct ConfinedDirectory: ~Copyable, Sendable {
    public let descriptor: Descriptor

    /// Confines paths to the directory that `descriptor` refers to.
    public init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Opens `path` inside the directory; magic links of procfs are refused.
    public borrowing func open(
        _ path: String,
        _ options: OpenOptions = .pathOnly,
        mode: UInt16 = 0o644
    ) throws(SystemCallError) -> Descriptor {
        let root = descriptor.number
        return Descriptor(
            owning: try systemCall("openat2", path) {
                unsafe clinux_open_in_root(root, path, options.rawValue, mode_t(mode))
            }
        )
    }

    /// Like `open`, but throws `ELOOP` if any component is a symbolic link.
    public borrowing func openWithoutLinks(
        _ path: String,
        _ options: OpenOptions = .pathOnly,
        mode: UInt16 = 0o644
    ) throws(SystemCallError) -> Descriptor {
        let root = descriptor.number
        var relative = path.drop { $0 == "/" }
        if relative.isEmpty { relative = "." }
        return Descriptor(
            owning: try systemCall("openat2", path) {
                unsafe clinux_open_beneath(root, String(relative), options.rawValue, mode_t(mode))
            }
        )
    }

    /// Reads a regular file; throws `EINVAL` for any other kind, such as a FIFO, which would block
    /// the reader forever, and `EFBIG` beyond `limit` bytes.
    public borrowing func readFile(
        _ path: String,
        limit: Int = 16 << 20
    ) throws(SystemCallError) -> [UInt8] {
        let file = try open(path, [.nonBlocking, .noTerminalControl])
        let status = try file.status()
        guard status.kind == .regular else {
            throw SystemCallError(call: "read", subject: path, reason: .invalidArgument)
        }
        guard status.size <= limit else {
            throw SystemCallError(call: "read", subject: path, reason: .fileTooLarge)
        }
        return try file.readToEnd()
    }

    /// Whether `path` exists inside the directory.
    public borrowing func exists(_ path: String) -> Bool {
        do {
            _ = try open(path)
            return true
        } catch {
            return false
        }
    }
}
