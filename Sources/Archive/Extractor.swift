import CArchive
import Glibc
public import SystemPackage

/// How an archive becomes a tree of files.
public struct ExtractionOptions: Sendable {
    /// What `.wh.` names are.
    public enum Whiteouts: Sendable {
        /// Ordinary files.
        case literal
        /// Removals from the layers below, written as overlayfs has them: character devices 0:0
        /// and `trusted.overlay.opaque`. Source: OCI Image Specification, layer.md.
        case overlay
    }

    public var whiteouts: Whiteouts
    /// Who owns everything; nil for the archive's owners.
    public var owner: (userID: UInt32, groupID: UInt32)?

    public init(
        whiteouts: Whiteouts = .literal,
        owner: (userID: UInt32, groupID: UInt32)? = nil
    ) {
        self.whiteouts = whiteouts
        self.owner = owner
    }
}

extension TarReader {
    /// Unpacks every entry below `root`, which exists, and nothing outside it.
    ///
    /// Upward names are refused; links in the tree are followed as though `root` were `/`. Later
    /// entries replace earlier ones and what was there before, except that directories are merged.
    public func extract(
        into root: FilePath,
        options: ExtractionOptions = ExtractionOptions()
    ) throws(ArchiveError) {
        let extractor = try Extractor(reader: self, root: root, options: options)
        while let entry = try next() { try extractor.extract(entry) }
        try extractor.finish()
    }
}

/// Unpacks one archive.
final class Extractor {
    let reader: TarReader
    let root: ConfinedRoot
    let options: ExtractionOptions
    /// Times of directories, set at the end: making entries in them changes them.
    private var directoryTimes: [FilePath: FileTime] = [:]
    /// Whiteouts made from this archive, which say nothing about its own entries.
    var whiteouts: Set<FilePath> = []

    init(reader: TarReader, root: FilePath, options: ExtractionOptions) throws(ArchiveError) {
        self.reader = reader
        self.root = try ConfinedRoot(root)
        self.options = options
    }

    func extract(_ entry: TarEntry) throws(ArchiveError) {
        let path = try ConfinedRoot.relative(entry.path, in: reader.name)
        let attributes = try attributes(of: entry)
        guard let name = path.lastComponent else {
            if entry.kind == .directory { try finishDirectory(path, attributes) }
            return
        }
        let parent = path.removingLastComponent()
        if options.whiteouts == .overlay, try applyWhiteout(name, in: parent) { return }
        let place = Place(directory: try root.directory(parent), name: name, path: path)
        switch entry.kind {
        case .directory:
            try makeDirectory(place)
            try finishDirectory(path, attributes)
        case .file: try makeFile(place, entry, attributes)
        case .hardLink(let target): try makeHardLink(place, to: target)
        case .symbolicLink(let target):
            try replacing(place, "symlink") {
                unsafe target.withPlatformString { target in
                    unsafe name.withPlatformString {
                        unsafe symlinkat(target, place.directory.number, $0)
                    }
                }
            }
            try finishNode(place, attributes, isLink: true)
        case .characterDevice(let major, let minor):
            try makeNode(place, S_IFCHR, gnu_dev_makedev(major, minor), attributes)
        case .blockDevice(let major, let minor):
            try makeNode(place, S_IFBLK, gnu_dev_makedev(major, minor), attributes)
        case .fifo: try makeNode(place, S_IFIFO, 0, attributes)
        case .other(let mode):
            // A socket is of no use without the process that listens on it.
            guard mode != S_IFSOCK else { return }
            throw ArchiveError(
                .unsupported(kind: "file of mode 0o\(String(mode, radix: 8))"),
                in: "\(reader.name), \(path)"
            )
        }
    }

    /// Sets the times of directories once nothing changes in them any more.
    func finish() throws(ArchiveError) {
        for (path, time) in directoryTimes {
            guard let directory = try? root.existingDirectory(path) else {
                // A later entry has put something else there.
                continue
            }
            try FileAttributes.setTime(time, of: directory.number, subject: root.subject(path))
        }
    }

    private func attributes(of entry: TarEntry) throws(ArchiveError) -> FileAttributes {
        let (user, group) = (
            options.owner.map { Int64($0.userID) } ?? entry.userID,
            options.owner.map { Int64($0.groupID) } ?? entry.groupID
        )
        // The last number means "leave as it is" to chown(2).
        let allowed = 0..<Int64(UInt32.max)
        guard allowed.contains(user), allowed.contains(group) else {
            let wrong = allowed.contains(user) ? group : user
            throw ArchiveError(.owner(wrong), in: "\(reader.name), \(entry.path)")
        }
        return FileAttributes(
            userID: UInt32(user),
            groupID: UInt32(group),
            mode: entry.mode & 0o7777,
            extended: entry.attributes.filter { ExtendedAttribute.isPortable($0.key) },
            modified: entry.modified
        )
    }

    private func finishDirectory(
        _ path: FilePath,
        _ attributes: FileAttributes
    ) throws(ArchiveError) {
        let directory = try root.existingDirectory(path)
        try attributes.apply(to: directory.number, subject: root.subject(path))
        directoryTimes[path] = attributes.modified
    }

    private func finishNode(
        _ place: Place,
        _ attributes: FileAttributes,
        isLink: Bool = false
    ) throws(ArchiveError) {
        try attributes.apply(
            to: place.name,
            in: place.directory,
            isLink: isLink,
            subject: root.subject(place.path)
        )
    }

    private func makeNode(
        _ place: Place,
        _ type: mode_t,
        _ device: dev_t,
        _ attributes: FileAttributes
    ) throws(ArchiveError) {
        try replacing(place, "mknod") {
            unsafe place.name.withPlatformString {
                unsafe mknodat(place.directory.number, $0, type | 0o600, device)
            }
        }
        try finishNode(place, attributes)
    }
}

/// A name in an open directory, and its path below the root.
struct Place {
    let directory: DirectoryHandle
    let name: FilePath.Component
    let path: FilePath
}
