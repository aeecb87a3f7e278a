import CLinux
import Glibc
import SystemPackage

extension ConfinedDirectory {
    /// What is made when the last part of a path is missing.
    public enum Leaf: Sendable {
        case directory
        case file
    }

    /// Opens the place at `path`, making what is missing: directories, and last the leaf.
    ///
    /// A link that leads to nothing is followed too: what it leads to is made, inside.
    /// What is made gets `mode` and belongs to the caller.
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

    /// The common case: only the last part is missing. nil when it is not so.
    private borrowing func makeLast(
        _ path: String,
        _ leaf: Leaf,
        mode: UInt16
    ) throws(SystemCallError) -> Descriptor? {
        var parts = path.split(separator: "/")
        guard let name = parts.popLast(), name != ".", name != ".." else { return nil }
        do {
            let parent = ConfinedDirectory(try open("/" + parts.joined(separator: "/")))
            guard try parent.enter(name, of: [], as: leaf, mode: mode) == nil else { return nil }
            return try parent.openWithoutLinks(String(name))
        } catch  where error.reason == .noSuchFileOrDirectory {
            return nil
        }
    }

    private borrowing func walk(
        _ path: String,
        _ leaf: Leaf,
        mode: UInt16
    ) throws(SystemCallError) -> Descriptor {
        var pending = Array(path.split(separator: "/").reversed())
        // Only real directories, so that every step below starts from a path without links.
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

    /// Makes sure that `part` exists; where it leads when it is a link.
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
            return nil
        }
        return nil
    }

    /// Makes a device node, replacing a file of that name; its directory is made when missing.
    public borrowing func makeDeviceNode(
        _ path: String,
        block: Bool,
        _ device: DeviceNumber,
        mode: UInt16,
        user: UInt32 = 0,
        group: UInt32 = 0
    ) throws(SystemCallError) {
        let (parent, name) = try parentOf(path)
        let number = parent.number
        _ = unsafe unlinkat(number, name, 0)
        try systemCall("mknod", path) {
            unsafe clinux_make_device(
                number,
                name,
                block ? 1 : 0,
                mode_t(mode),
                device.major,
                device.minor
            )
        }
        // The umask has taken bits away; the name is new, in a directory that we hold open.
        try systemCall("fchmodat", path) { unsafe fchmodat(number, name, mode_t(mode), 0) }
        if user != 0 || group != 0 {
            try systemCall("fchownat", path) {
                unsafe fchownat(number, name, user, group, AT_SYMLINK_NOFOLLOW)
            }
        }
    }

    /// Makes a symbolic link; what is there already stays.
    public borrowing func makeSymbolicLink(
        _ path: String,
        to target: String
    ) throws(SystemCallError) {
        let (parent, name) = try parentOf(path)
        let number = parent.number
        do {
            try systemCall("symlinkat", path) { unsafe symlinkat(target, number, name) }
        } catch  where error.reason == .fileExists {
            return
        }
    }

    private borrowing func parentOf(
        _ path: String
    ) throws(SystemCallError) -> (Parent, String) {
        var parts = path.split(separator: "/")
        let name = parts.popLast().map(String.init) ?? "."
        return (Parent(try make(parts.joined(separator: "/"), .directory)), name)
    }

    /// Lets an open directory travel in a tuple.
    private final class Parent {
        private let descriptor: Descriptor
        var number: Int32 { descriptor.number }
        init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
    }
}
