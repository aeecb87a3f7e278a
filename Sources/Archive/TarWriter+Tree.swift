import CArchive
import Glibc
import Linux
public import SystemPackage

/// Options for archiving a tree of files.
public struct TreeOptions: Sendable {
    public enum Kind: Sendable {
        /// The files themselves.
        case plain
        /// The files themselves, in a tree that others may change concurrently and maliciously.
        ///
        /// A file keeps its initial size: truncated, or padded with zeros. Removed files and the
        /// content of procfs and similar file systems are skipped. Only regular files are opened
        /// for reading.
        case live
        /// An overlay's upper directory: removals become `.wh.` files, attributes of overlayfs are
        /// dropped. Source: OCI Image Specification, layer.md, "Whiteouts".
        case overlayUpper
    }

    public var kind: Kind
    /// Later times are clamped to this one, for reproducible archives.
    public var latestTime: FileTime?
    /// Entries to skip, with everything below them.
    public var excluding: Set<FilePath>

    public init(
        kind: Kind = .plain,
        latestTime: FileTime? = nil,
        excluding: Set<FilePath> = []
    ) {
        self.kind = kind
        self.latestTime = latestTime
        self.excluding = excluding
    }
}

extension TarWriter {
    /// Adds everything below `directory`, but not the directory itself, sorted by name.
    ///
    /// It must not change concurrently. Times are truncated to seconds.
    public func addTree(
        _ directory: FilePath,
        options: TreeOptions = TreeOptions()
    ) throws(ArchiveError) {
        let number = try call("open", directory.string) {
            unsafe directory.withPlatformString {
                unsafe open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            }
        }
        let root = DirectoryHandle(owning: Descriptor(owning: number))
        let walk = TreeWalk(writer: self, root: directory, options: options)
        try walk.addEntries(of: root, at: "")
    }
}

/// Archives a tree.
final class TreeWalk {
    private struct FileIdentity: Hashable {
        var device: UInt
        var inode: UInt
    }

    let writer: TarWriter
    private let root: FilePath
    let options: TreeOptions
    /// The first name of each file that has several.
    private var firstNames: [FileIdentity: FilePath] = [:]

    init(writer: TarWriter, root: FilePath, options: TreeOptions) {
        self.writer = writer
        self.root = root
        self.options = options
    }

    func addEntries(of directory: DirectoryHandle, at path: FilePath) throws(ArchiveError) {
        for name in try directory.names(subject: subject(path)) {
            let entry = path.appending(name)
            if options.excluding.contains(entry) { continue }
            try add(name, of: directory, at: entry)
        }
    }

    func subject(_ path: FilePath) -> String { root.appending(path.components).string }

    func add(
        _ name: FilePath.Component,
        of directory: DirectoryHandle,
        at path: FilePath
    ) throws(ArchiveError) {
        do throws(ArchiveError) {
            try addPresent(name, of: directory, at: path)
        } catch {
            guard options.kind == .live, error.isNotFound else { throw error }
        }
    }

    /// An entry with the attributes common to all kinds of files.
    func entry(_ path: FilePath, _ status: stat) -> TarEntry {
        TarEntry(
            path: path,
            kind: .fifo,
            mode: status.st_mode & 0o7777,
            userID: Int64(status.st_uid),
            groupID: Int64(status.st_gid),
            modified: time(of: status)
        )
    }

    private func addPresent(
        _ name: FilePath.Component,
        of directory: DirectoryHandle,
        at path: FilePath
    ) throws(ArchiveError) {
        guard let status = try directory.status(of: name, subject: subject(path)) else { return }
        var entry = entry(path, status)
        switch status.st_mode & S_IFMT {
        case S_IFDIR: try addDirectory(name, of: directory, entry)
        case S_IFREG: try addFile(name, of: directory, entry, status)
        case S_IFLNK:
            entry.kind = .symbolicLink(target: try target(of: name, in: directory, status, path))
            try addOnce(entry, status)
        case S_IFIFO: try addOnce(entry, status)
        case S_IFCHR where options.kind == .overlayUpper && status.st_rdev == 0:
            entry.path = path.removingLastComponent().appending(".wh." + name.string)
            entry.kind = .file(size: 0)
            try writer.addHeader(entry, dataParts: [])
        case S_IFCHR, S_IFBLK:
            let major = gnu_dev_major(status.st_rdev)
            let minor = gnu_dev_minor(status.st_rdev)
            entry.kind =
                status.st_mode & S_IFMT == S_IFCHR
                ? .characterDevice(major: major, minor: minor)
                : .blockDevice(major: major, minor: minor)
            try addOnce(entry, status)
        default:
            // A socket is useless without the process that listens on it.
            break
        }
    }

    private func addDirectory(
        _ name: FilePath.Component,
        of parent: DirectoryHandle,
        _ entry: TarEntry
    ) throws(ArchiveError) {
        let directory = try parent.subdirectory(name, subject: subject(entry.path))
        try addDirectory(directory, entry)
    }

    /// Adds an open directory with everything below it.
    func addDirectory(_ directory: DirectoryHandle, _ entry: TarEntry) throws(ArchiveError) {
        let path = entry.path
        var entry = entry
        entry.kind = .directory
        let attributes = try attributes(of: directory.number, at: path)
        entry.attributes = attributes.filter { !isOverlay($0.key) }
        try writer.addHeader(entry, dataParts: [])
        if options.kind == .overlayUpper, attributes[ExtendedAttribute.opaque] != nil {
            let marker = TarEntry(
                path: path.appending(".wh..wh..opq"),
                kind: .file(size: 0),
                modified: entry.modified
            )
            try writer.addHeader(marker, dataParts: [])
        }
        if options.kind == .live, directory.isKernelFileSystem { return }
        try addEntries(of: directory, at: path)
    }

    private func addFile(
        _ name: FilePath.Component,
        of directory: DirectoryHandle,
        _ entry: TarEntry,
        _ status: stat
    ) throws(ArchiveError) {
        if options.kind == .live { return try addLiveFile(name, of: directory, at: entry.path) }
        var entry = entry
        if try addLink(entry, status) { return }
        let (path, flags) = (entry.path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
        let file = Descriptor(
            owning: try call("open", subject(path)) {
                unsafe name.withPlatformString { unsafe openat(directory.number, $0, flags) }
            }
        )
        entry.kind = .file(size: Int64(status.st_size))
        entry.attributes = try attributes(of: file.number, at: path)
            .filter { !isOverlay($0.key) }
        let number = file.number
        let isSparse = status.st_blocks * 512 < status.st_size
        let parts = isSparse ? try dataParts(of: number, size: Int64(status.st_size), path) : []
        try writer.addHeader(entry, dataParts: parts)
        try copy(number, size: Int64(status.st_size), path)
    }

    /// Copies a file's bytes; libarchive skips known holes.
    private func copy(_ file: Int32, size: Int64, _ path: FilePath) throws(ArchiveError) {
        let source = ByteSource(borrowing: file, name: subject(path))
        var rest = size
        while rest > 0 {
            let piece = try source.next()
            guard !piece.isEmpty else {
                throw ArchiveError(.format("the file shrank while being read"), in: subject(path))
            }
            rest -= Int64(piece.count)
            try writer.write(piece, of: path)
        }
    }

    /// The ranges of a sparse file that hold data. Source: lseek(2), SEEK_DATA.
    private func dataParts(
        of file: Int32,
        size: Int64,
        _ path: FilePath
    ) throws(ArchiveError) -> [Range<Int64>] {
        var (parts, position): ([Range<Int64>], Int64) = ([], 0)
        while position < size {
            let start = Int64(lseek(file, Int(position), 3))
            guard start >= 0 else { break }
            let end = Int64(try call("lseek", subject(path)) { lseek(file, Int(start), 4) })
            parts.append(start..<min(end, size))
            position = end
        }
        try call("lseek", subject(path)) { lseek(file, 0, SEEK_SET) }
        // A file without data is represented by an empty part at its end.
        return parts.isEmpty ? [size..<size] : parts
    }

    /// Adds `entry`, or a hard link if the same file was added under another name.
    private func addOnce(_ entry: TarEntry, _ status: stat) throws(ArchiveError) {
        if try !addLink(entry, status) { try writer.addHeader(entry, dataParts: []) }
    }

    func addLink(_ entry: TarEntry, _ status: stat) throws(ArchiveError) -> Bool {
        guard status.st_nlink > 1 else { return false }
        let identity = FileIdentity(device: status.st_dev, inode: status.st_ino)
        guard let first = firstNames[identity] else {
            firstNames[identity] = entry.path
            return false
        }
        var link = entry
        link.kind = .hardLink(target: first)
        try writer.addHeader(link, dataParts: [])
        return true
    }

    private func time(of status: stat) -> FileTime {
        let seconds = Int64(status.st_mtim.tv_sec)
        return FileTime(seconds: options.latestTime.map { min($0.seconds, seconds) } ?? seconds)
    }

    private func isOverlay(_ attribute: String) -> Bool {
        options.kind == .overlayUpper
            && ExtendedAttribute.overlayPrefixes.contains(where: attribute.hasPrefix)
    }

    private func target(
        of name: FilePath.Component,
        in directory: DirectoryHandle,
        _ status: stat,
        _ path: FilePath
    ) throws(ArchiveError) -> FilePath {
        var buffer = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
        try call("readlinkat", subject(path)) {
            unsafe name.withPlatformString { name in
                unsafe readlinkat(directory.number, name, &buffer, Int(PATH_MAX))
            }
        }
        return unsafe buffer.withUnsafeBufferPointer {
            unsafe $0.baseAddress.map { unsafe FilePath(platformString: $0) } ?? ""
        }
    }

    func attributes(
        of descriptor: Int32,
        at path: FilePath
    ) throws(ArchiveError) -> [String: [UInt8]] {
        let all = try extendedAttributes(of: descriptor, subject: subject(path))
        guard options.kind == .overlayUpper else {
            return all.filter { ExtendedAttribute.isPortable($0.key) }
        }
        for feature in ["redirect", "metacopy"].map({ ExtendedAttribute.overlayPrefix + $0 })
        where all[feature] != nil {
            throw ArchiveError(.overlayFeature(feature), in: subject(path))
        }
        return all.filter { isOverlay($0.key) || ExtendedAttribute.isPortable($0.key) }
    }
}

/// The extended attributes of an open file or directory. Source: listxattr(2).
func extendedAttributes(
    of descriptor: Int32,
    subject: @autoclosure () -> String
) throws(ArchiveError) -> [String: [UInt8]] {
    // Most files have none; querying the length needs no buffer.
    guard try sized({ flistxattr(descriptor, nil, 0) }, "flistxattr", subject()) > 0 else {
        return [:]
    }
    var names = [CChar](repeating: 0, count: 65_536)
    let length = try call("flistxattr", subject()) {
        unsafe names.withUnsafeMutableBufferPointer {
            unsafe flistxattr(descriptor, $0.baseAddress, $0.count)
        }
    }
    var attributes: [String: [UInt8]] = [:]
    for name in names.prefix(length).split(separator: 0) {
        let name = String(decoding: name.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var value = [UInt8](repeating: 0, count: 65_536)
        let size = try call("fgetxattr \(name)", subject()) {
            unsafe value.withUnsafeMutableBytes {
                unsafe fgetxattr(descriptor, name, $0.baseAddress, $0.count)
            }
        }
        attributes[name] = Array(value.prefix(size))
    }
    return attributes
}

/// Returns the result of `body`, or 0 on a file system without extended attributes.
private func sized(
    _ body: () -> Int,
    _ name: String,
    _ subject: @autoclosure () -> String
) throws(ArchiveError) -> Int {
    do throws(ArchiveError) {
        return try call(name, subject(), body)
    } catch {
        guard case .system(let fault) = error.problem, fault.reason == .notSupported else {
            throw error
        }
        return 0
    }
}
