public import Archive
import Linux
import SystemPackage

/// Copies files between the host and containers, running or not, by the rules of docker cp.
///
/// The process must be single-threaded, since it enters mount namespaces. Links in a container are
/// never followed out of it, its FIFOs and devices are never opened, and device nodes are not
/// copied out.
public struct FileCopy: Sendable {
    private let paths: DataPaths
    /// Follow a link at the end of the source path.
    public var followsLink: Bool
    /// Keep owner and group; otherwise a copy is owned by root in a container, and by the caller on
    /// the host.
    public var keepsOwners: Bool

    public init(_ paths: DataPaths, followsLink: Bool = false, keepsOwners: Bool = false) {
        self.paths = paths
        self.followsLink = followsLink
        self.keepsOwners = keepsOwners
    }

    /// Copies `source` in a container to `destination` on the host.
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
                try CopyError.during(
                    archive: TarReader(archive)
                        .extract(into: target, called: plan.directory, options: options)
                )
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

    /// Passes the status of `source` to `isWanted`; if that is true, writes an archive of it as
    /// docker's clients expect it to the descriptor `output`.
    func read(
        _ source: CopyPath,
        from container: ExistingContainer,
        to output: Int32,
        isWanted: (PathStatus) throws -> Bool
    ) throws {
        let tree = try FileTree.of(container, in: paths, for: .reading)
        let status = try tree.pathStatus(of: source)
        let origin = try CopyOrigin.find(source, in: tree, followingLink: false)
        guard try isWanted(status) else { return }
        try ArchivePipe.write(to: output) { (writer) throws(CopyError) in
            try origin.write(to: writer)
        }
    }

    /// Copies `source` on the host to `destination` in a container.
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

    /// Extracts an archive with its owners into the directory `destination` of a container.
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

    /// Extracts an archive that a client of the Engine API sends into the directory `destination`
    /// of a container.
    func copy(
        archive: ByteSource,
        to destination: CopyPath,
        in container: ExistingContainer,
        _ rules: ArchiveRules
    ) throws(CopyError) {
        let tree = try FileTree.of(container, in: paths, for: .writing)
        let directory = try tree.followingLinks(destination.path)
        _ = try tree.directory(directory)
        let owner =
            rules.usesContainersOwner
            ? try FileTree.ownership(in: container, paths) : .archive
        let kind: ExtractionOptions.Replacement = rules.keepsKinds ? .sameKind : .anything
        try extract(archive, owner, directory, in: tree, replacing: kind)
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
        in tree: borrowing FileTree,
        replacing replacement: ExtractionOptions.Replacement = .sameKind
    ) throws(CopyError) {
        let options = ExtractionOptions(
            ownership: ownership,
            replacement: replacement,
            directory: FilePath(root: nil, directory.components)
        )
        try tree.extract(archive, options, to: directory)
    }
}
