import CArchive
import Glibc
public import Linux
public import SystemPackage

/// Options for unpacking an archive.
public struct ExtractionOptions: Sendable {
    /// The treatment of `.wh.` names.
    public enum Whiteouts: Sendable {
        /// Ordinary files.
        case literal
        /// Removals from lower layers, written in the form of overlayfs: character devices 0:0 and
        /// `trusted.overlay.opaque`. Source: OCI Image Specification, layer.md.
        case overlay
    }

    /// The owner of unpacked files.
    public enum Ownership: Sendable {
        /// The owners recorded in the archive.
        case archive
        case fixed(userID: UInt32, groupID: UInt32)
        /// The caller for new files; existing files keep their owners.
        case caller
    }

    /// What an entry may replace.
    public enum Replacement: Sendable {
        case anything
        /// Directories are never replaced by non-directories or the reverse, and the root keeps its
        /// owner, mode and times.
        case sameKind
    }

    public var whiteouts: Whiteouts
    public var ownership: Ownership
    public var replacement: Replacement
    /// Whether device nodes are created or skipped.
    public var makesDevices: Bool
    /// The directory below the root to unpack into.
    public var directory: FilePath

    public init(
        whiteouts: Whiteouts = .literal,
        ownership: Ownership = .archive,
        replacement: Replacement = .anything,
        makesDevices: Bool = true,
        directory: FilePath = ""
    ) {
        self.whiteouts = whiteouts
        self.ownership = ownership
        self.replacement = replacement
        self.makesDevices = makesDevices
        self.directory = directory
    }
}

extension TarReader {
    /// Unpacks all entries below the existing directory `root`, and nothing outside it.
    ///
    /// Names that lead above the root are refused; symbolic links are resolved as if `root` were
    /// `/`. Entries replace earlier ones and existing files, except that directories are merged.
    public func extract(
        into root: FilePath,
        options: ExtractionOptions = ExtractionOptions()
    ) throws(ArchiveError) {
        try extract(Extractor(reader: self, root: ConfinedRoot(root), options: options))
    }

    /// Unpacks all entries below the open directory `root`, which messages call `name`.
    public func extract(
        into root: borrowing Descriptor,
        called name: FilePath,
        options: ExtractionOptions = ExtractionOptions()
    ) throws(ArchiveError) {
        let root = try ConfinedRoot(name, duplicating: root.number)
        try extract(Extractor(reader: self, root: root, options: options))
    }

    private func extract(_ extractor: Extractor) throws(ArchiveError) {
        while let entry = try next() { try extractor.extract(entry) }
        try extractor.finish()
    }
}

/// Unpacks one archive.
final class Extractor {
    let reader: TarReader
    let root: ConfinedRoot
    let options: ExtractionOptions
    /// The times of directories, set at the end, because creating entries changes them.
    private var directoryTimes: [FilePath: FileTime] = [:]
    /// Whiteouts of this archive, which do not affect its own entries.
    var whiteouts: Set<FilePath> = []

    init(reader: TarReader, root: ConfinedRoot, options: ExtractionOptions) {
        self.reader = reader
        self.root = root
        self.options = options
    }

    func extract(_ entry: TarEntry) throws(ArchiveError) {
        let relative = try ConfinedRoot.relative(entry.path, in: reader.name)
        let path = options.directory.appending(relative.components)
        let attributes = try attributes(of: entry)
        guard let name = relative.lastComponent else {
            guard entry.kind == .directory, options.replacement == .anything else { return }
            return try finishDirectory(path, attributes)
        }
        if !options.makesDevices, entry.kind.isDevice { return }
        let parent = path.removingLastComponent()
        if options.whiteouts == .overlay, try applyWhiteout(name, in: parent) { return }
        let place = Place(directory: try root.directory(parent), name: name, path: path)
        if options.replacement == .sameKind { try refuseOtherKind(place, entry) }
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
            // A socket is useless without the process that listens on it.
            guard mode != S_IFSOCK else { return }
            throw ArchiveError(
                .unsupported(kind: "file of mode 0o\(String(mode, radix: 8))"),
                in: "\(reader.name), \(path)"
            )
        }
    }

    /// Sets the times of directories after all entries were created.
    func finish() throws(ArchiveError) {
        for (path, time) in directoryTimes {
            guard let directory = try? root.existingDirectory(path) else {
                // It was replaced by a later entry.
                continue
            }
            try FileAttributes.setTime(time, of: directory.number, subject: root.subject(path))
        }
    }

    private func attributes(of entry: TarEntry) throws(ArchiveError) -> FileAttributes {
        FileAttributes(
            owner: try owner(of: entry),
            mode: entry.mode & 0o7777,
            extended: entry.attributes.filter { ExtendedAttribute.isPortable($0.key) },
            modified: entry.modified
        )
    }

    private func owner(
        of entry: TarEntry
    ) throws(ArchiveError) -> (userID: UInt32, groupID: UInt32)? {
        switch options.ownership {
        case .caller: return nil
        case .fixed(let userID, let groupID): return (userID, groupID)
        case .archive:
            // The highest number means "unchanged" to chown(2).
            let (user, group, allowed) = (entry.userID, entry.groupID, 0..<Int64(UInt32.max))
            guard allowed.contains(user), allowed.contains(group) else {
                let wrong = allowed.contains(user) ? group : user
                throw ArchiveError(.owner(wrong), in: "\(reader.name), \(entry.path)")
            }
            return (UInt32(user), UInt32(group))
        }
    }

    private func refuseOtherKind(_ place: Place, _ entry: TarEntry) throws(ArchiveError) {
        let subject = root.subject(place.path)
        guard let there = try place.directory.status(of: place.name, subject: subject) else {
            return
        }
        let isDirectory = there.st_mode & S_IFMT == S_IFDIR
        guard isDirectory == (entry.kind == .directory) else {
            throw ArchiveError(.wouldReplace(directory: isDirectory), in: subject)
        }
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
        // In a user namespace no device can be created; a container gets its own from the runtime.
        guard UserNamespace.isInitial || ![S_IFCHR, S_IFBLK].contains(type) else { return }
        try replacing(place, "mknod") {
            unsafe place.name.withPlatformString {
                unsafe mknodat(place.directory.number, $0, type | 0o600, device)
            }
        }
        try finishNode(place, attributes)
    }
}

extension TarEntry.Kind {
    fileprivate var isDevice: Bool {
        switch self {
        case .characterDevice, .blockDevice: true
        default: false
        }
    }
}

/// A name in an open directory, with its path below the root.
struct Place {
    let directory: DirectoryHandle
    let name: FilePath.Component
    let path: FilePath
}
