import CLinux
import Glibc

/// The attributes of a file. Source: stat(2), inode(7).
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
    /// The permission, set-user-ID, set-group-ID and sticky bits: the low twelve.
    public var mode: UInt16
    public var owner: UInt32
    public var group: UInt32
    /// In bytes.
    public var size: Int64
    /// The allocated disk space in bytes, which is less than `size` for a sparse file.
    public var diskUsage: Int64
    /// The device number of the file system that holds the file.
    public var device: UInt64
    public var inode: UInt64
    public var links: UInt64
    /// The device that a device node refers to.
    public var node: DeviceNumber
    /// Since the epoch.
    public var modified: Duration
    /// The last change of content, owner, mode or links, since the epoch; it cannot be set.
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
        diskUsage = Int64(status.st_blocks) * 512
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

/// The major and minor number of a device. Source: makedev(3).
public struct DeviceNumber: Hashable, Sendable {
    public var major: UInt32
    public var minor: UInt32

    public init(major: UInt32, minor: UInt32) {
        self.major = major
        self.minor = minor
    }
}

extension Descriptor {
    /// The status of this open file; also for a descriptor opened with `pathOnly`.
    public borrowing func status() throws(SystemCallError) -> FileStatus {
        let number = number
        var status = stat()
        try systemCall("fstat", "descriptor \(number)") { unsafe fstat(number, &status) }
        return FileStatus(status)
    }

    /// Whether the file is on a kernel file system: procfs, sysfs, cgroups and the like.
    ///
    /// Source: `include/uapi/linux/magic.h`.
    public borrowing func isOnKernelFileSystem() -> Bool {
        kernelFileSystems.contains(clinux_file_system(number))
    }
}

/// The magic numbers of proc, sysfs, cgroup, cgroup2, devpts, mqueue, debugfs, tracefs, securityfs,
/// bpf, pstore, efivarfs, configfs and binfmt_misc.
private let kernelFileSystems: Set<UInt64> = [
    0x9FA0, 0x6265_6572, 0x27_E0EB, 0x6367_7270, 0x1CD1, 0x1980_0202, 0x6462_6720, 0x7472_6163,
    0x7363_6673, 0xCAFE_4A11, 0x6165_676C, 0xDE5E_81E4, 0x6265_6570, 0x4249_4E4D,
]
