import CLinux
import Glibc
import SystemPackage

extension ConfinedDirectory {
    /// What to create when the last component of a path does not exist.
    public enum Leaf: Sendable {
        case directory
        case file
    }

    /// Opens `path`, creating missing directories and the leaf.
    ///
    /// A dangling symbolic link is followed, and its target is created inside. Everything created
    /// gets `mode` and the caller's owner.
    public borrowing func make(
        _ path: String,
        _ leaf: Leaf,
        mode: UInt16 = 0o755
    ) throws(SystemCallError) -> Descriptor {
        do {
            return try open(path)
        } catch  where error.reason == .noSuchFileOrDirectory {
            if let made = try makeLast(path, leaf, mode: mode) { return made }
            return try walk(path, leaf, mode: mode)
        }
    }

    /// Handles the common case that only the last component is missing; nil in any other case.
    private borrowing func makeLast(
        _ path: String,
        _ leaf: Leaf,
        mode: UInt16
    ) throws(SystemCallError) -> Descriptor? {
        let (directory, name) = Self.parts(of: path)
        if [".", "..", ""].contains(name) { return nil }
        do {
            let parent = ConfinedDirectory(try open(directory))
            guard try Self.make(name, in: parent.descriptor, as: leaf, mode: mode) else {
                // A dangling symbolic link.
                return nil
            }
            return try parent.openWithoutLinks(name)
        } catch  where error.reason == .noSuchFileOrDirectory {
            return nil
        }
    }

    /// Splits `path` into the parent directory and the last component, in simple steps: splitting
    /// and joining strings is expensive in a newly cloned process.
    private static func parts(of path: String) -> (directory: String, name: String) {
        var path = path.utf8[...]
        while path.last == UInt8(ascii: "/") { path.removeLast() }
        guard let slash = path.lastIndex(of: UInt8(ascii: "/")) else {
            return ("/", String(Substring(path)))
        }
        let (directory, name) = (path[...slash], path[path.index(after: slash)...])
        return (String(Substring(directory)), String(Substring(name)))
    }

    /// Creates a directory or an empty file; returns false if the name exists.
    private static func make(
        _ name: String,
        in parent: borrowing Descriptor,
        as leaf: Leaf,
        mode: UInt16
    ) throws(SystemCallError) -> Bool {
        let number = parent.number
        do {
            switch leaf {
            case .directory:
                try systemCall("mkdirat", name) { unsafe mkdirat(number, name, mode_t(mode)) }
            case .file:
                try systemCall("mknodat", name) {
                    unsafe mknodat(number, name, S_IFREG | mode_t(mode & 0o666), 0)
                }
            }
        } catch  where error.reason == .fileExists {
            return false
        }
        return true
    }

    private borrowing func walk(
        _ path: String,
        _ leaf: Leaf,
        mode: UInt16
    ) throws(SystemCallError) -> Descriptor {
        var pending = Array(path.split(separator: "/").reversed())
        // Holds real directories only, so that every step below starts from a path without links.
        var real: [Substring] = []
        var links = 0
        while let part = pending.popLast() {
            if part == "." { continue }
            if part == ".." {
                _ = real.popLast()
                continue
            }
            let step = try enter(
                part,
                of: real,
                as: pending.isEmpty ? leaf : .directory,
                mode: mode
            )
            guard let target = step else {
                real.append(part)
                continue
            }
            links += 1
            guard links <= 40 else {
                throw SystemCallError(
                    call: "open",
                    subject: path,
                    reason: .tooManySymbolicLinkLevels
                )
            }
            if target.hasPrefix("/") { real = [] }
            pending += target.split(separator: "/").reversed()
        }
        return try openWithoutLinks(real.joined(separator: "/"))
    }

    /// Ensures that `part` exists; returns the target if it is a symbolic link.
    private borrowing func enter(
        _ part: Substring,
        of real: [Substring],
        as leaf: Leaf,
        mode: UInt16
    ) throws(SystemCallError) -> String? {
        let name = String(part)
        let parent = try openWithoutLinks(real.joined(separator: "/"))
        let number = parent.number
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
        let length = unsafe readlinkat(number, name, &buffer, Int(PATH_MAX))
        if length >= 0 {
            return String(
                decoding: buffer.prefix(length).map(UInt8.init(bitPattern:)),
                as: UTF8.self
            )
        }
        _ = try Self.make(name, in: parent, as: leaf, mode: mode)
        return nil
    }

    /// Creates a subdirectory unless the name exists.
    public borrowing func makeDirectory(
        _ name: String,
        mode: UInt16 = 0o755
    ) throws(SystemCallError) {
        _ = try Self.make(name, in: descriptor, as: .directory, mode: mode)
    }

    /// Creates a device node and its missing parents, replacing a file of that name unless it is a
    /// mount point. The umask applies.
    public borrowing func makeDeviceNode(
        _ path: String,
        block: Bool,
        _ device: DeviceNumber,
        mode: UInt16,
        user: UInt32 = 0,
        group: UInt32 = 0
    ) throws(SystemCallError) {
        try withParent(of: path) { (parent, name) throws(SystemCallError) in
            let make = { () throws(SystemCallError) in
                _ = try systemCall("mknod", path) {
                    unsafe clinux_make_device(
                        parent,
                        name,
                        block ? 1 : 0,
                        mode_t(mode),
                        device.major,
                        device.minor
                    )
                }
            }
            do throws(SystemCallError) {
                try make()
            } catch  where error.reason == .fileExists {
                let removed = unsafe unlinkat(parent, name, 0)
                if removed == -1 && errno == EBUSY { return }
                try make()
            }
            if user != 0 || group != 0 {
                try systemCall("fchownat", path) {
                    unsafe fchownat(parent, name, user, group, AT_SYMLINK_NOFOLLOW)
                }
            }
        }
    }

    /// Creates a symbolic link unless the name exists.
    public borrowing func makeSymbolicLink(
        _ path: String,
        to target: String
    ) throws(SystemCallError) {
        try withParent(of: path) { (parent, name) throws(SystemCallError) in
            do throws(SystemCallError) {
                try systemCall("symlinkat", path) { unsafe symlinkat(target, parent, name) }
            } catch  where error.reason == .fileExists {
                return
            }
        }
    }

    /// Calls `body` with the parent directory of `path`, created if missing, and the last
    /// component.
    private borrowing func withParent(
        of path: String,
        _ body: (Int32, String) throws(SystemCallError) -> Void
    ) throws(SystemCallError) {
        let (directory, name) = Self.parts(of: path)
        if directory == "/" { return try body(descriptor.number, name) }
        let parent = try make(directory, .directory)
        try body(parent.number, name)
    }
}
