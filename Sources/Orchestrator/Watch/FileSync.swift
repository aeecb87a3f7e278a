import Archive
import ContainerRuntime
import Linux
import OCI
import SystemPackage

/// Copies changed files of the host into a container and removes deleted ones from it.
///
/// The process must be single-threaded. Files get the user of the service or image, if one is set,
/// and keep their owner otherwise.
struct FileSync {
    let paths: DataPaths

    /// A file or directory to copy.
    private struct Item {
        let source: FilePath
        let status: FileStatus
        /// Relative to the container's root.
        let target: FilePath
    }

    func apply(
        _ copies: [WatchBatch.Copy],
        in container: ExistingContainer
    ) throws(CopyError) {
        let tree = try FileTree.of(container, in: paths, for: .writing)
        var items: [Item] = []
        for copy in copies.sorted(by: { $0.target < $1.target }) {
            let (source, target) = (FilePath(copy.source), FilePath(copy.target))
            guard let status = try status(of: source) else {
                try remove(target, from: tree)
                continue
            }
            // An existing directory keeps its attributes and other content.
            if status.kind == .directory, try tree.status(of: target)?.kind == .directory {
                continue
            }
            let relative = FilePath(root: nil, target.components)
            items.append(Item(source: source, status: status, target: relative))
        }
        guard !items.isEmpty else { return }
        let ownership = try FileTree.ownership(in: container, paths)
        try ArchivePipe.run(
            write: { (writer) throws(CopyError) in
                for item in items { try write(item, to: writer) }
            },
            read: { (archive) throws(CopyError) in
                let options = ExtractionOptions(ownership: ownership, makesDevices: false)
                try tree.extract(archive, options, to: FilePath(copies[0].target))
            }
        )
    }

    private func status(of path: FilePath) throws(CopyError) -> FileStatus? {
        do throws(SystemCallError) {
            return try FileSystem.status(of: path, followingLink: false)
        } catch {
            guard error.isNotFound else { throw .system(error) }
            return nil
        }
    }

    /// Removes `path`, following links in its parent directories within the container only.
    private func remove(_ path: FilePath, from tree: borrowing FileTree) throws(CopyError) {
        guard let name = path.lastComponent, try tree.status(of: path) != nil else { return }
        let parent = try tree.directory(path.removingLastComponent())
        do throws(SystemCallError) {
            try FileSystem.removeTree(FilePath("/proc/self/fd/\(parent.number)").appending(name))
        } catch {
            guard let container = tree.container, error.reason == .readOnlyFileSystem else {
                throw .system(error)
            }
            throw .readOnly(path.string, container: container)
        }
    }

    private func write(_ item: Item, to writer: TarWriter) throws(CopyError) {
        if item.status.kind == .directory { return try writeDirectory(item, to: writer) }
        let label = item.source.removingLastComponent()
        guard let name = item.source.lastComponent, let directory = try open(label) else { return }
        try CopyError.during(
            archive: writer.add(entry: name, of: directory, called: label, as: item.target)
        )
    }

    /// Opens a directory of the host; nil if it has been removed, which the next batch reports.
    private func open(_ path: FilePath) throws(CopyError) -> Descriptor? {
        do throws(SystemCallError) {
            return try .open(path, .directory)
        } catch {
            guard error.isNotFound else { throw .system(error) }
            return nil
        }
    }

    /// Writes only the directory's entry; changes of its content are items of their own.
    private func writeDirectory(_ item: Item, to writer: TarWriter) throws(CopyError) {
        let status = item.status
        let entry = TarEntry(
            path: item.target,
            kind: .directory,
            mode: UInt32(status.mode),
            userID: Int64(status.owner),
            groupID: Int64(status.group),
            modified: FileTime(seconds: status.modified.components.seconds)
        )
        try CopyError.during(archive: writer.add(entry))
    }
}

extension SystemCallError {
    fileprivate var isNotFound: Bool {
        [.noSuchFileOrDirectory, .notDirectory].contains(reason)
    }
}
