import Archive
import Linux
import SystemPackage

/// The source of a copy: an entry of an open directory, or that directory itself.
struct CopyOrigin: ~Copyable {
    /// The default name of the copy; nil for the content of a directory.
    let name: FilePath.Component?
    let isDirectory: Bool
    /// Whether it is the root of its tree.
    private let isRoot: Bool
    private let directory: Descriptor
    /// Nil for the directory itself.
    private let entry: FilePath.Component?
    private let label: FilePath

    /// Opens the parent of `source`, following a final link if `followingLink` or if the path ends
    /// in `/`.
    static func find(
        _ source: CopyPath,
        in tree: borrowing FileTree,
        followingLink: Bool
    ) throws(CopyError) -> CopyOrigin {
        let place =
            followingLink || source.assertsDirectory
            ? try tree.followingLinks(source.path) : source.path
        guard let status = try tree.status(of: place) else { throw tree.missing(source.path) }
        guard status.kind != .directory, let entry = place.lastComponent else {
            return CopyOrigin(
                name: source.name,
                isDirectory: true,
                isRoot: place.components.isEmpty && !source.meansContents,
                directory: try tree.directory(place),
                entry: nil,
                label: place
            )
        }
        guard !source.assertsDirectory else { throw .notADirectory(source.path.string) }
        let parent = place.removingLastComponent()
        let directory = try tree.directory(parent)
        if let container = tree.container, status.kind == .regular, status.size == 0,
            directory.isOnKernelFileSystem()
        {
            throw .kernelFile(source.path.string, container: container)
        }
        return CopyOrigin(
            name: source.name,
            isDirectory: false,
            isRoot: false,
            directory: directory,
            entry: entry,
            label: parent
        )
    }

    /// Adds it to an archive as docker's clients expect it: under its own name, content of a
    /// directory under `.`, and the root under `/`.
    func write(to writer: TarWriter) throws(CopyError) {
        try write(at: isRoot ? "/" : Self.path(name), to: writer)
    }

    /// Adds it to an archive under `name`, or as the archive's root.
    func write(as name: FilePath.Component?, to writer: TarWriter) throws(CopyError) {
        try write(at: Self.path(name), to: writer)
    }

    private static func path(_ name: FilePath.Component?) -> FilePath {
        name.map { FilePath(root: nil, [$0]) } ?? "."
    }

    private func write(at path: FilePath, to writer: TarWriter) throws(CopyError) {
        if let entry {
            try CopyError.during(
                archive: writer.add(entry: entry, of: directory, called: label, as: path)
            )
        } else {
            try CopyError.during(archive: writer.add(directory: directory, called: label, as: path))
        }
    }
}
