import Archive
import Linux
import SystemPackage

/// Unpacks an archive that ADD names, as if the destination were the root of all there is.
struct ArchiveJob {
    let tree: DestinationTree
    /// Whose everything becomes; nil keeps the archive's owners.
    let owner: Owner?

    /// False when the file is no archive.
    func unpack(
        _ entry: TreeEntry,
        to destination: FilePath,
        folderOwner: Owner
    ) throws(BuildError) -> Bool {
        let file = try wrapping { () throws(SystemCallError) in try entry.open() }
        let path = FilePath("/proc/self/fd/\(file.number)")
        guard try reading({ () throws(ArchiveError) in try TarReader.canRead(path) }) else {
            return false
        }
        let root = try tree.makeFolders(destination, owner: folderOwner)
        let reader = try reading { () throws(ArchiveError) in
            try TarReader(try ByteSource(file: path))
        }
        while let item = try reading({ () throws(ArchiveError) in try reader.next() }) {
            try place(item, below: root, content: reader)
        }
        _ = consume file
        return true
    }

    private func reading<Result>(
        _ body: () throws(ArchiveError) -> Result
    ) throws(BuildError) -> Result {
        do throws(ArchiveError) { return try body() } catch {
            throw BuildError(.wrongKind("\(error)"))
        }
    }

    private func place(
        _ item: TarEntry,
        below root: [FilePath.Component],
        content: TarReader
    ) throws(BuildError) {
        var names: [FilePath.Component] = []
        for name in item.path.components where name.kind != .currentDirectory {
            if name.kind == .parentDirectory { _ = names.popLast() } else { names.append(name) }
        }
        guard let name = names.popLast() else { return }
        let folder = try folder(names, below: root)
        let existing = try wrapping { () throws(SystemCallError) in
            try tree.merged.child(name, of: folder.entry)
        }
        let metadata = metadata(of: item)
        if item.kind == .directory {
            try placeFolder(name, in: folder, existing, metadata)
            return
        }
        try wrapping { () throws(SystemCallError) in try tree.removeRaised(name, in: folder) }
        try write(item, name, in: folder, metadata, below: root, content)
    }

    private func placeFolder(
        _ name: FilePath.Component,
        in folder: DestinationTree.Folder,
        _ existing: TreeEntry?,
        _ metadata: FileMetadata
    ) throws(BuildError) {
        try wrapping { () throws(SystemCallError) in
            if existing?.isDirectory == true, let inner = try tree.folder(name, in: folder) {
                return try metadata.apply(to: inner.upper.descriptor, name, in: folder.upper)
            }
            try tree.removeRaised(name, in: folder)
            let isOpaque = try tree.isFolderBelow(folder.entry.path + [name])
            _ = try tree.makeFolder(name, in: folder, metadata, isOpaque: isOpaque)
        }
    }

    private func metadata(of item: TarEntry) -> FileMetadata {
        let owner =
            self.owner
            ?? Owner(
                user: UInt32(truncatingIfNeeded: item.userID),
                group: UInt32(truncatingIfNeeded: item.groupID)
            )
        let time = item.modified
        var metadata = FileMetadata(
            owner: owner,
            mode: UInt16(truncatingIfNeeded: item.mode & 0o7777),
            modified: .seconds(time.seconds) + .nanoseconds(time.nanoseconds)
        )
        metadata.attributes = item.attributes.filter { name, _ in
            name.hasPrefix("user.") || name == "security.capability"
        }
        return metadata
    }

    /// The folder at `names` below the destination, its links followed as if that were the root.
    private func folder(
        _ names: [FilePath.Component],
        below root: [FilePath.Component]
    ) throws(BuildError) -> DestinationTree.Folder {
        let start = try wrapping { () throws(SystemCallError) in try tree.folder(at: root) }
        let view = LayeredTree(confinedTo: start.entry)
        let path = FilePath(root: "/", names)
        let resolution = try wrapping { () throws(SystemCallError) in try view.resolve(path) }
        guard resolution.entry.isDirectory else {
            throw BuildError(.wrongKind("cannot unpack below \(resolution.entry.text): no folder"))
        }
        return try wrapping { () throws(SystemCallError) in
            var folder = try tree.folder(at: resolution.entry.path)
            for name in resolution.missing {
                let metadata = FileMetadata(owner: owner ?? .root, mode: 0o755)
                folder = try tree.makeFolder(name, in: folder, metadata)
            }
            return folder
        }
    }

    private func write(
        _ item: TarEntry,
        _ name: FilePath.Component,
        in folder: DestinationTree.Folder,
        _ metadata: FileMetadata,
        below root: [FilePath.Component],
        _ content: TarReader
    ) throws(BuildError) {
        let directory = folder.upper
        switch item.kind {
        case .file:
            let file = try wrapping { () throws(SystemCallError) in
                try directory.descriptor.open(entry: name, [.writing, .creating, .exclusive])
            }
            while true {
                let bytes = try reading { () throws(ArchiveError) in try content.read() }
                if bytes.isEmpty { break }
                try wrapping { () throws(SystemCallError) in try file.write(bytes) }
            }
            try wrapping { () throws(SystemCallError) in
                try metadata.apply(to: file, name, in: directory)
            }
        case .hardLink(let target):
            try link(target, as: name, in: folder, below: root)
        case .symbolicLink(let target):
            try wrapping { () throws(SystemCallError) in
                try directory.descriptor.makeLink(entry: name, to: target)
                try metadata.apply(name, in: directory, isLink: true)
            }
        case .characterDevice(let major, let minor), .blockDevice(let major, let minor):
            var kind = FileStatus.Kind.blockDevice
            if case .characterDevice = item.kind { kind = .characterDevice }
            let node = DeviceNumber(major: major, minor: minor)
            try makeNode(kind, node, name, in: directory, metadata)
        case .fifo:
            let none = DeviceNumber(major: 0, minor: 0)
            try makeNode(.fifo, none, name, in: directory, metadata)
        case .directory, .other: break
        }
    }

    private func makeNode(
        _ kind: FileStatus.Kind,
        _ node: DeviceNumber,
        _ name: FilePath.Component,
        in directory: OpenDirectory,
        _ metadata: FileMetadata
    ) throws(BuildError) {
        try wrapping { () throws(SystemCallError) in
            try directory.descriptor.makeNode(entry: name, kind, node)
            try metadata.apply(name, in: directory, isLink: false)
        }
    }

    /// One more name for a file; one that only the stack below has is copied up first.
    private func link(
        _ target: FilePath,
        as name: FilePath.Component,
        in folder: DestinationTree.Folder,
        below root: [FilePath.Component]
    ) throws(BuildError) {
        var names = Array(target.components.filter { $0.kind == .regular })
        guard let last = names.popLast() else { return }
        let source = try self.folder(names, below: root)
        try wrapping { () throws(SystemCallError) in
            if try source.upper.descriptor.status(ofEntry: last) == nil {
                guard let entry = try tree.merged.child(last, of: source.entry) else {
                    throw SystemCallError(
                        call: "link",
                        subject: target.string,
                        reason: .noSuchFileOrDirectory
                    )
                }
                let writer = EntryWriter(tree: tree, mode: nil, owner: nil)
                try writer.write(entry, as: last, in: source.upper, FileMetadata(of: entry))
            }
            try source.upper.descriptor.link(entry: last, to: folder.upper.descriptor, as: name)
        }
    }
}
