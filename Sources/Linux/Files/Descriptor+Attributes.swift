import CLinux
import Glibc
public import SystemPackage

/// Owner, mode, times, extended attributes and content.
extension Descriptor {
    /// Sets owner and group of `name`; of a symbolic link itself, not its target.
    public borrowing func setOwner(
        ofEntry name: FilePath.Component,
        user: UInt32,
        group: UInt32
    ) throws(SystemCallError) {
        let number = number
        try systemCall("fchownat", name.string) {
            unsafe name.withPlatformString {
                unsafe fchownat(number, $0, user, group, AT_SYMLINK_NOFOLLOW)
            }
        }
    }

    /// Sets the mode of `name`, which must not be a symbolic link.
    public borrowing func setMode(
        ofEntry name: FilePath.Component,
        to mode: UInt16
    ) throws(SystemCallError) {
        let number = number
        try systemCall("fchmodat", name.string) {
            unsafe name.withPlatformString { unsafe fchmodat(number, $0, mode_t(mode), 0) }
        }
    }

    /// Sets modification and access time of `name`, as a duration since the epoch.
    public borrowing func setTime(
        ofEntry name: FilePath.Component,
        to time: Duration
    ) throws(SystemCallError) {
        let number = number
        let parts = time.components
        let moment = timespec(
            tv_sec: Int(parts.seconds),
            tv_nsec: Int(parts.attoseconds / 1_000_000_000)
        )
        let times = [moment, moment]
        try systemCall("utimensat", name.string) {
            unsafe name.withPlatformString { name in
                unsafe times.withUnsafeBufferPointer {
                    unsafe utimensat(number, name, $0.baseAddress, AT_SYMLINK_NOFOLLOW)
                }
            }
        }
    }

    /// The extended attributes of this file or directory; empty where they are not supported.
    public borrowing func extendedAttributes() throws(SystemCallError) -> [String: [UInt8]] {
        let number = number
        var names: [CChar] = []
        var size = 0
        do throws(SystemCallError) {
            // Most files have none; querying the length needs no buffer.
            size = try systemCall("flistxattr", "descriptor \(number)") {
                clinux_list_attributes(number, nil, 0)
            }
            if size == 0 { return [:] }
            names = [CChar](repeating: 0, count: 65_536)
            size = try systemCall("flistxattr", "descriptor \(number)") {
                unsafe clinux_list_attributes(number, &names, names.count)
            }
        } catch  where error.reason == .notSupported {
            return [:]
        }
        var attributes: [String: [UInt8]] = [:]
        let bytes = names.prefix(size).map(UInt8.init(bitPattern:))
        for name in bytes.split(separator: 0).map({ String(decoding: $0, as: UTF8.self) }) {
            var value = [UInt8](repeating: 0, count: 65_536)
            let length = try systemCall("fgetxattr \(name)", "descriptor \(number)") {
                unsafe clinux_get_attribute(number, name, &value, value.count)
            }
            attributes[name] = Array(value.prefix(length))
        }
        return attributes
    }

    /// Sets an extended attribute of this file or directory.
    public borrowing func setExtendedAttribute(
        _ name: String,
        to value: [UInt8]
    ) throws(SystemCallError) {
        let number = number
        try systemCall("fsetxattr \(name)", "descriptor \(number)") {
            unsafe value.withUnsafeBytes {
                unsafe clinux_set_attribute(number, name, $0.baseAddress, $0.count)
            }
        }
    }

    /// Copies the content of this file to an empty one: by sharing blocks where the file system
    /// supports it, otherwise inside the kernel. Source: ioctl_ficlone(2), copy_file_range(2).
    public borrowing func copyContent(to target: borrowing Descriptor) throws(SystemCallError) {
        let (from, to) = (number, target.number)
        if clinux_clone_file(from, to) == 0 { return }
        var total = 0
        while true {
            let count = clinux_copy_range(from, to, 1 << 30)
            if count == 0 { return }
            if count > 0 {
                total += count
            } else if errno != EINTR {
                if total > 0 {
                    let reason = Errno(rawValue: errno)
                    throw SystemCallError(
                        call: "copy_file_range",
                        subject: "descriptor \(from)",
                        reason: reason
                    )
                }
                return try copyByHand(to: target)
            }
        }
    }

    /// Copies between file systems that copy_file_range(2) does not support.
    private borrowing func copyByHand(to target: borrowing Descriptor) throws(SystemCallError) {
        while true {
            let bytes = try read(upTo: 1 << 20)
            if bytes.isEmpty { return }
            try target.write(bytes)
        }
    }
}

extension Descriptor {
    /// Sets owner and group of this open file.
    public borrowing func setOwner(user: UInt32, group: UInt32) throws(SystemCallError) {
        let number = number
        try systemCall("fchown", "descriptor \(number)") { fchown(number, user, group) }
    }

    /// Sets the mode of this open file.
    public borrowing func setMode(_ mode: UInt16) throws(SystemCallError) {
        let number = number
        try systemCall("fchmod", "descriptor \(number)") { fchmod(number, mode_t(mode)) }
    }
}
