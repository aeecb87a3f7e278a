import CLinux
import Glibc
public import SystemPackage

/// The entries of an open directory, by name; symbolic links are never followed.
extension Descriptor {
    /// The names in this directory as the kernel stores them, sorted by their bytes.
    public borrowing func entryNames() throws(SystemCallError) -> [FilePath.Component] {
        let names = try DirectoryReader.names(in: self)
        return names.sorted {
            $0.lexicographicallyPrecedes($1) { UInt8(bitPattern: $0) < UInt8(bitPattern: $1) }
        }
        .compactMap { FilePath.Component(platformString: $0) }
    }

    /// The status of `name`; nil if there is no such entry.
    public borrowing func status(
        ofEntry name: FilePath.Component
    ) throws(SystemCallError) -> FileStatus? {
        let number = number
        var status = stat()
        do {
            try systemCall("fstatat", name.string) {
                unsafe name.withPlatformString {
                    unsafe fstatat(number, $0, &status, AT_SYMLINK_NOFOLLOW)
                }
            }
        } catch  where error.reason == .noSuchFileOrDirectory {
            return nil
        }
        return FileStatus(status)
    }

    /// Opens `name`; throws `ELOOP` if it is a symbolic link.
    public borrowing func open(
        entry name: FilePath.Component,
        _ options: OpenOptions = [],
        mode: UInt16 = 0o600
    ) throws(SystemCallError) -> Descriptor {
        let number = number
        let flags = options.union([.notFollowingLink, .nonBlocking, .noTerminalControl]).rawValue
        return Descriptor(
            owning: try systemCall("openat", name.string) {
                unsafe name.withPlatformString {
                    unsafe clinux_open(number, $0, flags, mode_t(mode))
                }
            }
        )
    }

    /// The target of the symbolic link `name`.
    public borrowing func readLink(
        entry name: FilePath.Component
    ) throws(SystemCallError) -> FilePath {
        let number = number
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        try systemCall("readlinkat", name.string) {
            unsafe name.withPlatformString {
                unsafe readlinkat(number, $0, &buffer, Int(PATH_MAX))
            }
        }
        return FilePath(platformString: buffer)
    }

    /// Creates a directory; throws `EEXIST` if the name exists.
    public borrowing func makeDirectory(
        entry name: FilePath.Component,
        mode: UInt16 = 0o700
    ) throws(SystemCallError) {
        let number = number
        try systemCall("mkdirat", name.string) {
            unsafe name.withPlatformString { unsafe mkdirat(number, $0, mode_t(mode)) }
        }
    }

    /// Creates a symbolic link to `target`.
    public borrowing func makeLink(
        entry name: FilePath.Component,
        to target: FilePath
    ) throws(SystemCallError) {
        let number = number
        try systemCall("symlinkat", name.string) {
            unsafe name.withPlatformString { name in
                unsafe target.withPlatformString { unsafe symlinkat($0, number, name) }
            }
        }
    }

    /// Creates a FIFO, a socket or a device node.
    public borrowing func makeNode(
        entry name: FilePath.Component,
        _ kind: FileStatus.Kind,
        _ device: DeviceNumber = DeviceNumber(major: 0, minor: 0)
    ) throws(SystemCallError) {
        let number = number
        let type =
            switch kind {
            case .fifo: "p"
            case .socket: "s"
            case .characterDevice: "c"
            case .blockDevice: "b"
            default: "f"
            } as Unicode.Scalar
        try systemCall("mknodat", name.string) {
            unsafe name.withPlatformString {
                unsafe clinux_make_node(
                    number,
                    $0,
                    CChar(type.value),
                    device.major,
                    device.minor
                )
            }
        }
    }

    /// Creates a hard link to the file `name` in another directory.
    public borrowing func link(
        entry name: FilePath.Component,
        to directory: borrowing Descriptor,
        as newName: FilePath.Component
    ) throws(SystemCallError) {
        let (from, into) = (number, directory.number)
        try systemCall("linkat", name.string) {
            unsafe name.withPlatformString { name in
                unsafe newName.withPlatformString { unsafe linkat(from, name, into, $0, 0) }
            }
        }
    }

    /// Removes a non-directory, or an empty directory.
    public borrowing func remove(
        entry name: FilePath.Component,
        isDirectory: Bool = false
    ) throws(SystemCallError) {
        let number = number
        try systemCall("unlinkat", name.string) {
            unsafe name.withPlatformString {
                unsafe unlinkat(number, $0, isDirectory ? AT_REMOVEDIR : 0)
            }
        }
    }
}
