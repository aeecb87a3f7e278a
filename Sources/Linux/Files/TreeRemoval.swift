import CLinux
import Glibc
public import SystemPackage

extension FileSystem {
    /// Removes the file or directory tree at `path`; does nothing if it does not exist.
    ///
    /// Symbolic links are not followed. Throws `EXDEV` at a mount point, whose content belongs to
    /// another file system. Other processes may remove the same tree concurrently.
    public static func removeTree(_ path: FilePath) throws(SystemCallError) {
        for _ in 1..<TreeRemoval.attempts {
            do throws(SystemCallError) {
                return try removeTreeOnce(path)
            } catch {
                // Another process has added a file to a directory that was empty.
                guard error.reason == .directoryNotEmpty else { throw error }
            }
        }
        try removeTreeOnce(path)
    }

    private static func removeTreeOnce(_ path: FilePath) throws(SystemCallError) {
        let kind: FileStatus.Kind
        do {
            kind = try status(of: path, followingLink: false).kind
        } catch  where error.reason == .noSuchFileOrDirectory {
            return
        }
        guard kind == .directory else { return try removeFile(path) }
        let top = try Descriptor.open(path, [.directory, .notFollowingLink])
        let removal = TreeRemoval(path: path, device: try top.status().device)
        while try removal.empty(top, top: top, depth: 0) == .liftedSome {}
        try ignoringAbsence { () throws(SystemCallError) in try removeDirectory(path) }
    }
}

/// Ignores that another process has already removed the file.
private func ignoringAbsence(_ change: () throws(SystemCallError) -> Void) throws(SystemCallError) {
    do throws(SystemCallError) {
        try change()
    } catch  where error.reason == .noSuchFileOrDirectory {
        return
    }
}

/// Empties one directory tree.
private struct TreeRemoval {
    enum Outcome {
        case emptied
        case liftedSome
    }

    /// How often a removal starts again because other processes add files.
    static let attempts = 1_000

    let path: FilePath
    let device: UInt64
    /// Deeper directories are first moved to the top: a hostile tree may be deeper than the limit
    /// on descriptors or the stack permit.
    private let deepest = 64

    init(path: FilePath, device: UInt64) {
        self.path = path
        self.device = device
    }

    func empty(
        _ directory: borrowing Descriptor,
        top: borrowing Descriptor,
        depth: Int
    ) throws(SystemCallError) -> Outcome {
        var outcome = Outcome.emptied
        for name in try DirectoryReader.names(in: directory) {
            if try removeEntry(name, of: directory) { continue }
            if depth >= deepest {
                try lift(name, from: directory, to: top)
                outcome = .liftedSome
                continue
            }
            guard let child = try open(name, in: directory) else { continue }
            if try empty(child, top: top, depth: depth + 1) == .liftedSome { outcome = .liftedSome }
            try remove(name, of: directory, flags: AT_REMOVEDIR)
        }
        return outcome
    }

    /// Returns false if the entry is a directory.
    private func removeEntry(
        _ name: [CChar],
        of directory: borrowing Descriptor
    ) throws(SystemCallError) -> Bool {
        do {
            try remove(name, of: directory, flags: 0)
            return true
        } catch  where error.reason == .isDirectory {
            return false
        }
    }

    private func remove(
        _ name: [CChar],
        of directory: borrowing Descriptor,
        flags: Int32
    ) throws(SystemCallError) {
        let number = directory.number
        try ignoringAbsence { () throws(SystemCallError) in
            try systemCall("unlinkat", subject(name)) { unsafe unlinkat(number, name, flags) }
        }
    }

    /// Returns nil if another process has removed it.
    private func open(
        _ name: [CChar],
        in directory: borrowing Descriptor
    ) throws(SystemCallError) -> Descriptor? {
        let number = directory.number
        let options: OpenOptions = [.directory, .notFollowingLink]
        let opened: Int32
        do throws(SystemCallError) {
            opened = try systemCall("openat", subject(name)) {
                unsafe clinux_open(number, name, options.rawValue, 0)
            }
        } catch  where error.reason == .noSuchFileOrDirectory {
            return nil
        }
        let child = Descriptor(owning: opened)
        guard try child.status().device == device else {
            throw SystemCallError(call: "removeTree", subject: subject(name), reason: .improperLink)
        }
        return child
    }

    private func lift(
        _ name: [CChar],
        from directory: borrowing Descriptor,
        to top: borrowing Descriptor
    ) throws(SystemCallError) {
        let (source, target) = (directory.number, top.number)
        let unique = ".lifted-" + String(UInt64.random(in: .min ... .max), radix: 36)
        try systemCall("renameat", subject(name)) {
            unsafe renameat(source, name, target, unique)
        }
    }

    private func subject(_ name: [CChar]) -> String {
        let readable = name.dropLast().map(UInt8.init(bitPattern:))
        return "\(String(decoding: readable, as: UTF8.self)) in \(path)"
    }
}
