public import Archive
import Linux
import SystemPackage

/// Copies files between containers, running or not, and this machine.
///
/// The caller has one thread, since mount namespaces are entered. The rules are those of docker
/// cp. No link of a container leads out of it, none of its FIFOs or devices is ever opened, and
/// device nodes are not copied out.
public struct FileCopy: Sendable {
    private let paths: DataPaths
    /// Copies what a link at the end of the source leads to.
    public var followsLink: Bool
    /// Copies owner and group; otherwise a copy belongs to root in a container, and to the caller
    /// outside.
    public var keepsOwners: Bool

    public init(_ paths: DataPaths, followsLink: Bool = false, keepsOwners: Bool = false) {
        self.paths = paths
        self.followsLink = followsLink
        self.keepsOwners = keepsOwners
    }

    /// Copies `source` in a container to `destination` on this machine.
    public func copy(
        _ source: CopyPath,
        from container: ExistingContainer,
        to destination: CopyPath
    ) throws(CopyError) {
        let tree = try FileTree.of(container, in: paths, for: .reading)
        let origin = try CopyOrigin.find(source, in: tree, followingLink: followsLink)
        let host = try FileTree.host()
        let plan = try plan(origin, to: destination, in: host)
        let target = try host.directory(plan.directory)
        let options = ExtractionOptions(
            ownership: keepsOwners ? .archive : .caller,
            replacement: .sameKind,
            makesDevices: false
        )
        try ArchivePipe.run(
            write: { (writer) throws(CopyError) in try origin.write(as: plan.name, to: writer) },
            read: { (archive) throws(CopyError) in
                try CopyError.wrappingArchive({ () throws(ArchiveError) in
                    try TarReader(archive)
                        .extract(into: target, called: plan.directory, options: options)
                })
            }
        )
    }

    /// Writes `source` in a container as an archive to the descriptor `output`.
    public func copy(
        _ source: CopyPath,
        from container: ExistingContainer,
        toStream output: Int32
    ) throws(CopyError) {
        let tree = try FileTree.of(container, in: paths, for: .reading)
        let origin = try CopyOrigin.find(source, in: tree, followingLink: followsLink)
        try ArchivePipe.write(to: output) { (writer) throws(CopyError) in
            try origin.write(as: origin.name, to: writer)
        }
    }

    /// Copies `source` on this machine to `destination` in a container.
    public func copy(
        _ source: CopyPath,
        to destination: CopyPath,
        in container: ExistingContainer
    ) throws(CopyError) {
        let origin = try CopyOrigin.find(source, in: FileTree.host(), followingLink: followsLink)
        let tree = try FileTree.of(container, in: paths, for: .writing)
        let plan = try plan(origin, to: destination, in: tree)
        _ = try tree.directory(plan.directory)
        try ArchivePipe.run(
            write: { (writer) throws(CopyError) in try origin.write(as: plan.name, to: writer) },
            read: { (archive) throws(CopyError) in
                let owner = ExtractionOptions.Ownership.fixed(userID: 0, groupID: 0)
                try extract(archive, keepsOwners ? .archive : owner, plan.directory, in: tree)
            }
        )
    }

    /// Unpacks an archive, whose owners are kept, in the directory `destination` of a container.
    public func copy(
        archive: ByteSource,
        to destination: CopyPath,
        in container: ExistingContainer
    ) throws(CopyError) {
        let tree = try FileTree.of(container, in: paths, for: .writing)
        let directory = try tree.followingLinks(destination.path)
        _ = try tree.directory(directory)
        try extract(archive, .archive, directory, in: tree)
    }

    private func plan(
        _ origin: borrowing CopyOrigin,
        to destination: CopyPath,
        in tree: borrowing FileTree
    ) throws(CopyError) -> CopyPlan {
        let place = try tree.followingLinks(destination.path)
        let found: CopyPlan.Found
        switch try tree.status(of: place)?.kind {
        case nil: found = .nothing
        case .directory: found = .directory
        case .regular, .symbolicLink, .fifo: found = .other
        case .characterDevice, .blockDevice, .socket:
            throw .specialFile(destination.path.string)
        }
        return try CopyPlan(
            origin.name,
            isDirectory: origin.isDirectory,
            to: destination.moved(to: place),
            found
        )
    }

    private func extract(
        _ archive: ByteSource,
        _ ownership: ExtractionOptions.Ownership,
        _ directory: FilePath,
        in tree: borrowing FileTree
    ) throws(CopyError) {
        let options = ExtractionOptions(
            ownership: ownership,
            replacement: .sameKind,
            directory: FilePath(root: nil, directory.components)
        )
        try tree.extract(archive, options, to: directory)
    }
}
