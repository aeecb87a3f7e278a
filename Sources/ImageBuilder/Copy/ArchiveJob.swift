import Archive
import Linux
import SystemPackage

/// Unpacks a source of ADD, confined to the destination: links in it are resolved as if that were
/// the root directory.
struct ArchiveJob {
    let tree: DestinationTree
    /// The owner of all entries; nil keeps the owners recorded in the archive.
    let owner: Owner?

    /// Unpacks the file; returns false if it is not an archive.
    func unpack(
        _ entry: TreeEntry,
        to destination: FilePath,
        folderOwner: Owner
    ) throws(BuildError) -> Bool {
        let file = try BuildError.during(entry.open())
        let path = FilePath("/proc/self/fd/\(file.number)")
        guard try Self.during(TarReader.canRead(path)) else { return false }
        let root = try tree.makeFolders(destination, owner: folderOwner)
        let reader = try Self.during(TarReader(ByteSource(file: path)))
        while let item = try Self.during(reader.next()) {
            try place(item, below: root, content: reader)
        }
        _ = consume file
        return true
    }

    /// Reads from the archive and reports its faults as the build's.
    private static func during<Result: ~Copyable>(
        _ call: @autoclosure () throws(ArchiveError) -> Result
    ) throws(BuildError) -> Result {
        do { return try call() } catch { throw BuildError(.wrongKind("\(error)")) }
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
        guard names.count < TreeWalk.depthLimit else {
            throw BuildError(
                .system(
                    SystemCallError(
                        call: "open",
                        subject: item.path.string,
                        reason: .fileNameTooLong
                    )
                )
            )
        }
        let folder = try folder(names, below: root)
        let existing = try BuildError.during(tree.merged.child(name, of: folder.entry))
        let metadata = metadata(of: item)
        if item.kind == .directory {
            try placeFolder(name, in: folder, existing, metadata)
            return
        }
        try BuildError.during(tree.removeUpper(name, in: folder))
        try write(item, name, in: folder, metadata, below: root, content)
    }

    private func placeFolder(
        _ name: FilePath.Component,
        in folder: DestinationTree.Folder,
        _ existing: TreeEntry?,
        _ metadata: FileMetadata
    ) throws(BuildError) {
        try BuildError.during { () throws(SystemCallError) in
            if existing?.isDirectory == true, let inner = try tree.folder(name, in: folder) {
                return try metadata.apply(to: inner.upper.descriptor, name, in: folder.upper)
            }
            try tree.removeUpper(name, in: folder)
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

    /// The folder at `names` below the destination, made if missing.
    private func folder(
        _ names: [FilePath.Component],
        below root: [FilePath.Component]
    ) throws(BuildError) -> DestinationTree.Folder {
        let start = try BuildError.during(tree.folder(at: root))
        let view = LayeredTree(confinedTo: start.entry)
        let path = FilePath(root: "/", names)
        let resolution = try BuildError.during(view.resolve(path))
        guard resolution.entry.isDirectory else {
            throw BuildError(
                .wrongKind("cannot unpack below \(resolution.entry.text): not a directory")
            )
        }
        return try BuildError.during { () throws(SystemCallError) in
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
            let file = try BuildError.during(
                directory.descriptor.open(entry: name, [.writing, .creating, .exclusive])
            )
            while true {
                let bytes = try Self.during(content.read())
                if bytes.isEmpty { break }
                try BuildError.during(file.write(bytes))
            }
            try BuildError.during(metadata.apply(to: file, name, in: directory))
        case .hardLink(let target):
            try link(target, as: name, in: folder, below: root)
        case .symbolicLink(let target):
            try BuildError.during { () throws(SystemCallError) in
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
        try BuildError.during { () throws(SystemCallError) in
            try directory.descriptor.makeNode(entry: name, kind, node)
            try metadata.apply(name, in: directory, isLink: false)
        }
    }

    /// Makes a hard link; a file that exists only in the stack below is copied up first.
    private func link(
        _ target: FilePath,
        as name: FilePath.Component,
        in folder: DestinationTree.Folder,
        below root: [FilePath.Component]
    ) throws(BuildError) {
        var names = Array(target.components.filter { $0.kind == .regular })
        guard let last = names.popLast() else { return }
        let source = try self.folder(names, below: root)
        try BuildError.during { () throws(SystemCallError) in
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
