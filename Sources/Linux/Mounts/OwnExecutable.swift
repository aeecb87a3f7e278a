import CLinux
import Glibc
import SystemPackage

/// The executable file of this process.
public enum OwnExecutable {
    /// Whether no process, privileged or not, can write to it: it is a sealed memfd, or a file on
    /// an overlay mount without an upper directory.
    public static func isProtected() throws(SystemCallError) -> Bool {
        let file = try Descriptor.open("/proc/self/exe")
        let number = file.number
        let wanted: Int32 = 0x1 | 0x2 | 0x4 | 0x8
        if clinux_memfd_seals(number) & wanted == wanted, clinux_memfd_seals(number) > 0 {
            return true
        }
        return clinux_is_read_only_overlay(number) == 1
    }

    /// Opens the executable through a detached overlay mount of its directory.
    ///
    /// Nothing is copied, no mount is visible, and page cache is shared with other processes.
    public static func openReadOnly() throws(SystemCallError) -> Descriptor {
        let path = try FileSystem.readSymbolicLink("/proc/self/exe")
        guard let name = path.lastComponent else {
            throw SystemCallError(
                call: "readlink",
                subject: path.string,
                reason: .noSuchFileOrDirectory
            )
        }
        let directory = path.removingLastComponent().string
        // An overlay requires two directories; the second is never used.
        let mount = try DetachedMount(
            type: "overlay",
            source: "swiftcompose",
            settings: [MountSetting("lowerdir", "\(directory):/sys")],
            attributes: .readOnly
        )
        let (number, file) = (mount.descriptor.number, name.string)
        return Descriptor(
            owning: try systemCall("openat", path.string) {
                unsafe clinux_open(number, file, O_RDONLY, 0)
            }
        )
    }

    /// Copies the executable to a memfd that is sealed against all changes.
    public static func sealedCopy() throws(SystemCallError) -> Descriptor {
        let copy = Descriptor(
            owning: try systemCall("memfd_create", "own program") {
                unsafe clinux_memfd("swiftcompose")
            }
        )
        let source = try Descriptor.open("/proc/self/exe")
        let (input, output) = (source.number, copy.number)
        var left = Int(try source.status().size)
        while left > 0 {
            let count = try systemCall("sendfile", "own program") {
                sendfile(output, input, nil, left)
            }
            guard count > 0 else { break }
            left -= count
        }
        try systemCall("fcntl F_ADD_SEALS", "own program") { clinux_seal_memfd(output) }
        return copy
    }
}
