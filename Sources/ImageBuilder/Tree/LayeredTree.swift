import Dockerfile
import Linux
import SystemPackage

/// Directories stacked as overlayfs stacks them, read without a mount.
///
/// The kernel never follows a symbolic link here: every entry is opened by its name in an open
/// directory, and links are resolved within the stack, as for a process whose root it is.
/// Source: the kernel's documentation, filesystems/overlayfs.
struct LayeredTree: Sendable {
    let root: TreeEntry
    private let ignored: IgnorePatterns

    /// Opens the directories, topmost first; entries that `ignored` matches are hidden.
    init(
        _ directories: [FilePath],
        ignoring ignored: IgnorePatterns = IgnorePatterns()
    ) throws(SystemCallError) {
        var stack: [OpenDirectory] = []
        for path in directories {
            stack.append(OpenDirectory(try Descriptor.open(path, .directory)))
        }
        let status = try stack.first?.descriptor.status()
        root = TreeEntry(path: [], status: status, place: .directory(stack))
        self.ignored = ignored
    }

    /// A view with `directory` as the root; paths of entries still start at the real root.
    init(confinedTo directory: TreeEntry) { self.init(root: directory, ignored: IgnorePatterns()) }

    private init(root: TreeEntry, ignored: IgnorePatterns) {
        self.root = root
        self.ignored = ignored
    }

    /// The same stack below one more directory.
    func under(_ top: OpenDirectory) throws(SystemCallError) -> LayeredTree {
        let status = try top.descriptor.status()
        let entry = TreeEntry(path: [], status: status, place: .directory([top] + root.directories))
        return LayeredTree(root: entry, ignored: ignored)
    }

    /// The entry `name` of a directory; nil if it is missing, ignored or whited out.
    func child(
        _ name: FilePath.Component,
        of directory: TreeEntry
    ) throws(SystemCallError) -> TreeEntry? {
        var verdict = IgnorePatterns.Inherited()
        if !ignored.isEmpty {
            let path = (directory.path + [name]).map(\.string).joined(separator: "/")
            verdict = ignored.verdict(on: path, in: directory.verdict)
            if verdict.isIgnored, !ignored.hasExceptions { return nil }
        }
        guard var entry = try stacked(name, in: directory) else { return nil }
        entry.verdict = verdict
        if verdict.isIgnored {
            guard entry.isDirectory, try children(of: entry).isEmpty == false else { return nil }
        }
        return entry
    }

    /// The entries of a directory, ordered by name.
    func children(of directory: TreeEntry) throws(SystemCallError) -> [TreeEntry] {
        var names: Set<FilePath.Component> = []
        for layer in directory.directories { names.formUnion(try layer.descriptor.entryNames()) }
        var children: [TreeEntry] = []
        for name in names.sorted(by: { $0.string < $1.string }) {
            if let child = try child(name, of: directory) { children.append(child) }
        }
        return children
    }

    private func stacked(
        _ name: FilePath.Component,
        in directory: TreeEntry
    ) throws(SystemCallError) -> TreeEntry? {
        var stack: [OpenDirectory] = []
        var first: FileStatus?
        for layer in directory.directories {
            guard let status = try layer.descriptor.status(ofEntry: name) else { continue }
            if status.isWhiteout { break }
            guard status.kind == .directory else {
                if first != nil { break }
                let place = TreeEntry.Place.entry(of: layer)
                return TreeEntry(path: directory.path + [name], status: status, place: place)
            }
            first = first ?? status
            let opened = OpenDirectory(try layer.descriptor.open(entry: name, .directory))
            stack.append(opened)
            if try opened.isOpaque { break }
        }
        guard let first else { return nil }
        return TreeEntry(path: directory.path + [name], status: first, place: .directory(stack))
    }
}

extension FileStatus {
    /// Whether it marks an entry of a lower layer as removed.
    var isWhiteout: Bool {
        kind == .characterDevice && node == DeviceNumber(major: 0, minor: 0)
    }
}
