import CArchive
import Glibc
import Linux
import SystemPackage

/// Owner, mode, extended attributes and times of a file.
///
/// They must be set in this order: chown(2) clears set-ID bits and file capabilities, so the owner
/// comes first; the times come last.
struct FileAttributes {
    /// Nil keeps the current owner.
    var owner: (userID: UInt32, groupID: UInt32)?
    var mode: UInt32
    var extended: [String: [UInt8]]
    var modified: FileTime

    /// Sets all attributes of the open file or directory `descriptor`.
    func apply(to descriptor: Int32, subject: @autoclosure () -> String) throws(ArchiveError) {
        if let owner {
            try call("fchown", subject()) { fchown(descriptor, owner.userID, owner.groupID) }
        }
        try call("fchmod", subject()) { fchmod(descriptor, mode) }
        for (name, value) in extended {
            try setAttribute(name, to: value, on: descriptor, subject: subject())
        }
        try Self.setTime(modified, of: descriptor, subject: subject())
    }

    /// Sets the attributes that a symbolic link, device or FIFO `name` in `directory` can have.
    func apply(
        to name: FilePath.Component,
        in directory: DirectoryHandle,
        isLink: Bool,
        subject: @autoclosure () -> String
    ) throws(ArchiveError) {
        let number = directory.number
        if let owner {
            try call("fchownat", subject()) {
                unsafe name.withPlatformString {
                    unsafe fchownat(
                        number,
                        $0,
                        owner.userID,
                        owner.groupID,
                        AT_SYMLINK_NOFOLLOW
                    )
                }
            }
        }
        if !isLink {
            // Where others can write, the name may have become a symbolic link.
            try call("fchmodat", subject()) {
                unsafe name.withPlatformString {
                    unsafe fchmodat(number, $0, mode, AT_SYMLINK_NOFOLLOW)
                }
            }
        }
        let times = [modified.specification, modified.specification]
        try call("utimensat", subject()) {
            unsafe name.withPlatformString { name in
                unsafe times.withUnsafeBufferPointer {
                    unsafe utimensat(number, name, $0.baseAddress, AT_SYMLINK_NOFOLLOW)
                }
            }
        }
    }

    static func setTime(
        _ time: FileTime,
        of descriptor: Int32,
        subject: @autoclosure () -> String
    ) throws(ArchiveError) {
        let times = [time.specification, time.specification]
        try call("futimens", subject()) {
            unsafe times.withUnsafeBufferPointer { unsafe futimens(descriptor, $0.baseAddress) }
        }
    }
}

/// Sets an extended attribute of an open file or directory.
func setAttribute(
    _ name: String,
    to value: [UInt8],
    on descriptor: Int32,
    subject: @autoclosure () -> String
) throws(ArchiveError) {
    try call("fsetxattr \(name)", subject()) {
        unsafe value.withUnsafeBytes {
            unsafe fsetxattr(descriptor, name, $0.baseAddress, $0.count, 0)
        }
    }
}

extension FileTime {
    var specification: timespec {
        timespec(tv_sec: Int(seconds), tv_nsec: Int(min(max(nanoseconds, 0), 999_999_999)))
    }
}

/// The names of overlayfs's attributes and of those that archives may contain.
enum ExtendedAttribute {
    static let opaque = OverlayMount.opaqueAttribute
    /// Of the attributes in the upper directories of overlays that this process mounts.
    static let overlayPrefix = String(opaque.dropLast("opaque".utf8.count))
    static let overlayPrefixes = ["trusted.overlay.", "user.overlay."]

    /// Whether an image may set `name`: not those of overlayfs, which could redirect to other
    /// trees, nor security labels of the host.
    static func isPortable(_ name: String) -> Bool {
        if overlayPrefixes.contains(where: name.hasPrefix) { return false }
        return name == "security.capability" || name.hasPrefix("user.")
            || name.hasPrefix("system.posix_acl_")
    }
}
