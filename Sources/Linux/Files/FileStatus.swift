import CLinux
import Glibc

/// What a file is, who owns it and when it changed. Source: stat(2), inode(7).
public struct FileStatus: Hashable, Sendable {
    public enum Kind: Sendable {
        case regular
        case directory
        case symbolicLink
        case fifo
        case socket
        case characterDevice
        case blockDevice
    }

    public var kind: Kind
    /// Permission bits with set-user-id, set-group-id and sticky: the low twelve.
    public var mode: UInt16
    public var owner: UInt32
    public var group: UInt32
    /// In bytes.
    public var size: Int64
    /// The file system that holds it.
    public var device: UInt64
    public var inode: UInt64
    public var links: UInt64
    /// Which device a device node stands for.
    public var node: DeviceNumber
    /// Since the epoch.
    public var modified: Duration
    /// When content, owner, mode or links changed last, since the epoch; nobody can set it.
    public var changed: Duration

    init(_ status: stat) {
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFIFO: .fifo
            case S_IFSOCK: .socket
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            default: .regular
            }
        mode = UInt16(status.st_mode & 0o7777)
        owner = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        links = UInt64(status.st_nlink)
        node = DeviceNumber(
            major: gnu_dev_major(status.st_rdev),
            minor: gnu_dev_minor(status.st_rdev)
        )
        modified =
            .seconds(status.st_mtim.tv_sec) + .nanoseconds(status.st_mtim.tv_nsec)
        changed =
            .seconds(status.st_ctim.tv_sec) + .nanoseconds(status.st_ctim.tv_nsec)
    }
}

/// A device's two numbers. Source: makedev(3).
public struct DeviceNumber: Hashable, Sendable {
    public var major: UInt32
    public var minor: UInt32

    public init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }
}

extension Descriptor {
    /// The status of what is open here, also of a descriptor that is a path only.
    public borrowing func status() throws(SystemCallError) -> FileStatus {
        let number = number
        var status = stat()
        try systemCall("fstat", "descriptor \(number)") { unsafe fstat(number, &status) }
        return FileStatus(status)
    }
}
