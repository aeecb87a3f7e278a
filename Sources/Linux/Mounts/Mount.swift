import CLinux
import Glibc
public import SystemPackage

/// The mounts of the calling process's mount namespace. Source: mount_namespaces(7).
public enum Mount {
    /// Changes the mount that `place` refers to. Source: mount_setattr(2); Linux 5.12.
    public static func change(
        _ place: borrowing Descriptor,
        set: MountAttributes = [],
        clear: MountAttributes = [],
        propagation: MountPropagation? = nil,
        recursively: Bool = false
    ) throws(SystemCallError) {
        let number = place.number
        try systemCall("mount_setattr", "descriptor \(number)") {
            unsafe clinux_mount_setattr(
                number,
                "",
                recursively ? 1 : 0,
                set.rawValue,
                clear.rawValue,
                propagation?.rawValue ?? 0
            )
        }
    }

    /// Changes the mount at `path`.
    public static func change(
        _ path: FilePath,
        set: MountAttributes = [],
        clear: MountAttributes = [],
        propagation: MountPropagation? = nil,
        recursively: Bool = false
    ) throws(SystemCallError) {
        try systemCall("mount_setattr", path.string) {
            unsafe clinux_mount_setattr(
                AT_FDCWD,
                path.string,
                recursively ? 1 : 0,
                set.rawValue,
                clear.rawValue,
                propagation?.rawValue ?? 0
            )
        }
    }

    /// Unmounts `path`; with `lazily` even while it is in use. Source: umount2(2).
    public static func unmount(_ path: FilePath, lazily: Bool = false) throws(SystemCallError) {
        try systemCall("umount2", path.string) {
            unsafe clinux_umount(path.string, lazily ? 1 : 0)
        }
    }

    /// Makes the mount `newRoot` the root directory, and unmounts the old root with all below it.
    ///
    /// Source: pivot_root(2), the case of both arguments being the same directory.
    public static func pivotRoot(into newRoot: borrowing Descriptor) throws(SystemCallError) {
        let number = newRoot.number
        try systemCall("fchdir", "new root") { fchdir(number) }
        try systemCall("pivot_root", "new root") { unsafe clinux_pivot_root(".", ".") }
        // The old root now lies on top of the new one.
        try systemCall("umount2", "old root") { unsafe clinux_umount(".", 1) }
        try systemCall("chdir", "/") { unsafe chdir("/") }
    }
}

extension Mount {
    /// One line of `/proc/PID/mountinfo`. Source: proc(5).
    public struct Entry: Hashable, Sendable {
        /// The directory of the file system that is visible here.
        public var root: String
        public var mountPoint: String
        public var options: String
        /// The optional fields: `shared:N`, `master:N` and so on.
        public var propagation: [String] = []
        public var type: String
        public var source: String
        public var superOptions: String

        /// Whether mounts below it propagate in both directions.
        public var isShared: Bool { propagation.contains { $0.hasPrefix("shared:") } }
        /// Whether mounts below it propagate from a master.
        public var isSlave: Bool { propagation.contains { $0.hasPrefix("master:") } }
    }

    /// The mount that holds `path`, after symbolic links are resolved; nil if it does not exist.
    public static func entry(of path: FilePath) throws(SystemCallError) -> Entry? {
        guard FileSystem.exists(path) else { return nil }
        let place = try Descriptor.open(path, [.pathOnly])
        let real = try FileSystem.readSymbolicLink(FilePath("/proc/self/fd/\(place.number)"))
        // Of several mounts at one mount point, the last is on top.
        return try table().reversed()
            .filter { real.starts(with: FilePath($0.mountPoint)) }
            .max { $0.mountPoint.utf8.count < $1.mountPoint.utf8.count }
    }

    /// The mounts of this process's mount namespace.
    public static func table() throws(SystemCallError) -> [Entry] {
        entries(in: try FileSystem.readText("/proc/self/mountinfo"))
    }

    /// Parses the text of a mountinfo file; malformed lines are skipped.
    public static func entries(in text: String) -> [Entry] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ", omittingEmptySubsequences: false)
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else {
                return nil
            }
            return Entry(
                root: unescaped(fields[3]),
                mountPoint: unescaped(fields[4]),
                options: String(fields[5]),
                propagation: fields[6..<dash].map(String.init),
                type: String(fields[dash + 1]),
                source: unescaped(fields[dash + 2]),
                superOptions: String(fields[dash + 3])
            )
        }
    }

    /// Decodes octal escapes such as `\040`.
    private static func unescaped(_ field: Substring) -> String {
        guard field.contains("\\") else { return String(field) }
        var bytes: [UInt8] = []
        var rest = Substring(field).utf8
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "\\"), rest.count >= 3,
                let value = UInt8(String(rest.prefix(3)) ?? "", radix: 8)
            {
                bytes.append(value)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
