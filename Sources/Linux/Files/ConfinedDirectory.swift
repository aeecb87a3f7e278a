import CLinux
import Glibc
import SystemPackage

/// A directory tree that may be hostile; whatever is opened through it stays inside.
///
/// Symbolic links are followed as a process would follow them whose root directory this is:
/// neither an absolute link nor `..` leads out. Source: openat2(2), `RESOLVE_IN_ROOT`; Linux 5.6.
public struct ConfinedDirectory: ~Copyable, Sendable {
    public let descriptor: Descriptor

    /// Confines everything to what `descriptor` has open.
    public init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Opens what `path` names inside; magic links of procfs are refused.
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

    /// As `open`, but throws `ELOOP` when any part of the path is a symbolic link.
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

    /// Reads a regular file; throws `EINVAL` for anything else, above all for a FIFO, which would
    /// make the reader wait for ever, and `EFBIG` beyond `limit` bytes.
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

    /// True when `path` leads to something inside.
    public borrowing func exists(_ path: String) -> Bool {
        do {
            _ = try open(path)
            return true
        } catch {
            return false
        }
    }
}
