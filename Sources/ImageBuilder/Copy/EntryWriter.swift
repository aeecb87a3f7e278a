import Dockerfile
import Linux
import SystemPackage

/// Copies entries of one tree into another, with their metadata.
final class EntryWriter {
    private struct Inode: Hashable {
        var device: UInt64
        var number: UInt64
    }

    let tree: DestinationTree
    private let mode: ModeChange?
    /// The owner of all copies; nil keeps the owner of each file.
    private let owner: Owner?
    /// Whether files come from a context, of which few attributes are kept.
    private let isOfContext: Bool
    /// The first copy of each file with several names, for the current source.
    private var placed: [Inode: (folder: OpenDirectory, name: FilePath.Component)] = [:]

    init(tree: DestinationTree, mode: ModeChange?, owner: Owner?, isOfContext: Bool = false) {
        self.tree = tree
        self.mode = mode
        self.owner = owner
        self.isOfContext = isOfContext
    }

    /// Copies a file to a path that has no links and whose folders exist.
    func copyFile(_ entry: TreeEntry, to path: [FilePath.Component]) throws(BuildError) {
        guard let name = path.last else {
            throw BuildError(.wrongKind("a file cannot replace the root directory"))
        }
        placed = [:]
        let folder = try BuildError.during(tree.folder(at: Array(path.dropLast())))
        try copy(entry, as: name, into: folder)
    }

    /// Copies the entries that the walk finds below `entry` into a folder at a path without links.
    func copyContents(
        of entry: TreeEntry,
        by walk: TreeWalk,
        to path: [FilePath.Component]
    ) throws(BuildError) {
        placed = [:]
        var folders = [
            try BuildError.during(tree.folder(at: path))
        ]
        try walk.visitContents(
            of: entry,
            TreeWalk.Visitor<BuildError>(
                enter: { item throws(BuildError) in
                    guard let name = item.target.last, let folder = folders.last else { return }
                    if item.entry.isDirectory {
                        folders.append(try self.enter(item.entry, as: name, in: folder))
                    } else {
                        try self.copy(item.entry, as: name, into: folder)
                    }
                },
                leave: { item throws(BuildError) in
                    folders.removeLast()
                    guard let name = item.target.last, let folder = folders.last,
                        let time = item.entry.status?.modified
                    else { return }
                    try BuildError.during(folder.upper.descriptor.setTime(ofEntry: name, to: time))
                }
            ),
            reading: { BuildError(.system($0)) }
        )
    }

    /// Makes the copy of a folder, or gives the existing one the metadata of the source.
    private func enter(
        _ entry: TreeEntry,
        as name: FilePath.Component,
        in folder: DestinationTree.Folder
    ) throws(BuildError) -> DestinationTree.Folder {
        let existing = try BuildError.during(tree.merged.child(name, of: folder.entry))
        if let existing, !existing.isDirectory {
            throw BuildError(.wrongKind("cannot copy to non-directory: \(existing.text)"))
        }
        return try BuildError.during { () throws(SystemCallError) in
            let metadata = try metadata(of: entry)
            guard let inner = try tree.folder(name, in: folder) else {
                return try tree.makeFolder(name, in: folder, metadata)
            }
            try metadata.apply(to: inner.upper.descriptor, name, in: folder.upper)
            return inner
        }
    }

    private func metadata(of entry: TreeEntry) throws(SystemCallError) -> FileMetadata {
        var metadata = try FileMetadata(of: entry, isOfContext: isOfContext)
        if let owner { metadata.owner = owner }
        if let mode, entry.kind != .symbolicLink {
            metadata.mode = mode.applied(to: metadata.mode, isDirectory: entry.isDirectory)
        }
        return metadata
    }

    private func copy(
        _ entry: TreeEntry,
        as name: FilePath.Component,
        into folder: DestinationTree.Folder
    ) throws(BuildError) {
        let existing = try BuildError.during(tree.merged.child(name, of: folder.entry))
        if let existing, existing.isDirectory {
            throw BuildError(
                .wrongKind("cannot replace to directory \(existing.text) with file")
            )
        }
        try BuildError.during { () throws(SystemCallError) in
            try tree.removeUpper(name, in: folder)
            if try linkAgain(entry, as: name, in: folder) { return }
            try write(entry, as: name, in: folder.upper, metadata(of: entry))
        }
    }

    /// Links `name` to an earlier copy of the same file; returns false if there is none.
    private func linkAgain(
        _ entry: TreeEntry,
        as name: FilePath.Component,
        in folder: DestinationTree.Folder
    ) throws(SystemCallError) -> Bool {
        guard let status = entry.status, status.links > 1 else { return false }
        let inode = Inode(device: status.device, number: status.inode)
        if let first = placed[inode] {
            let target = folder.upper
            try first.folder.descriptor.link(entry: first.name, to: target.descriptor, as: name)
            return true
        }
        placed[inode] = (folder.upper, name)
        return false
    }

    /// Copies one file, link or node.
    func write(
        _ entry: TreeEntry,
        as name: FilePath.Component,
        in folder: OpenDirectory,
        _ metadata: FileMetadata
    ) throws(SystemCallError) {
        switch entry.kind {
        case .regular:
            let options: OpenOptions = [.writing, .creating, .exclusive]
            let file = try folder.descriptor.open(entry: name, options)
            try entry.open().copyContent(to: file)
            try metadata.apply(to: file, name, in: folder)
        case .symbolicLink:
            try folder.descriptor.makeLink(entry: name, to: entry.linkTarget)
            try metadata.apply(name, in: folder, isLink: true)
        case .directory: preconditionFailure("folders are copied by enter")
        default:
            let node = entry.status?.node ?? DeviceNumber(major: 0, minor: 0)
            try folder.descriptor.makeNode(entry: name, entry.kind, node)
            try metadata.apply(name, in: folder, isLink: false)
        }
    }
}
