import CArchive
import Glibc
public import SystemPackage

/// Reads a tar archive, compressed or not, entry by entry.
public final class TarReader {
    private let handle: ReadHandle
    private let tar: ByteSource
    private var current = ""

    /// The name of the archive in messages.
    public var name: String { tar.name }

    /// Reads `source`, decompressing it by the format that its first bytes indicate.
    ///
    /// `observer` receives every byte of the uncompressed archive, including those after the last
    /// entry.
    public init(
        _ source: ByteSource,
        observer: (([UInt8]) throws(ArchiveError) -> Void)? = nil
    ) throws(ArchiveError) {
        let (_, plain) = try source.decompressed()
        tar = observer.map { plain.observed(by: $0) } ?? plain
        handle = try unsafe ReadHandle(tar) { archive in
            unsafe archive_read_support_format_tar(archive)
            unsafe archive_read_support_format_empty(archive)
        }
    }

    /// Whether `file` is a tar archive with at least one entry, compressed or not.
    public static func canRead(_ file: FilePath) throws(ArchiveError) -> Bool {
        let source = try ByteSource(file: file)
        do throws(ArchiveError) {
            return try TarReader(source).next() != nil
        } catch {
            guard case .format = error.problem else { throw error }
            return false
        }
    }

    /// Returns the next entry; nil after the last, when the whole stream has been read.
    public func next() throws(ArchiveError) -> TarEntry? {
        var header: OpaquePointer?
        let status = unsafe archive_read_next_header(handle.archive, &header)
        try handle.check(status)
        guard status != ARCHIVE_EOF, let header = unsafe header else {
            try tar.drain()
            return nil
        }
        let entry = try unsafe TarEntry(header: header, in: name)
        current = entry.path.string
        return entry
    }

    /// Returns the next bytes of the current entry; empty at its end.
    public func read() throws(ArchiveError) -> [UInt8] { try handle.readData(of: current) }

    /// Returns the content of the current entry; throws if it is longer than `limit` bytes.
    public func contents(limit: Int) throws(ArchiveError) -> [UInt8] {
        var contents: [UInt8] = []
        while true {
            let piece = try read()
            if piece.isEmpty { return contents }
            contents += piece
            guard contents.count <= limit else {
                let reason = "longer than \(limit) bytes"
                throw ArchiveError(.format(reason), in: "\(name), \(current)")
            }
        }
    }

    /// The current entry's content as a stream.
    public var content: ByteSource {
        ByteSource(name: "\(name), \(current)") { () throws(ArchiveError) in try self.read() }
    }

    /// Passes the data blocks of the current entry with their offsets to `write`, skipping holes.
    func blocks(
        _ write: (UnsafeRawBufferPointer, Int64) throws(ArchiveError) -> Void
    ) throws(ArchiveError) {
        while true {
            var address: UnsafeRawPointer?
            var (size, offset) = (0, Int64(0))
            let status = unsafe archive_read_data_block(handle.archive, &address, &size, &offset)
            try handle.check(status, in: current)
            if status == ARCHIVE_EOF { return }
            try unsafe write(UnsafeRawBufferPointer(start: address, count: size), offset)
        }
    }
}

extension TarEntry {
    fileprivate init(header: OpaquePointer, in archive: String) throws(ArchiveError) {
        guard let name = unsafe archive_entry_pathname(header) else {
            throw ArchiveError(.format("an entry has no name"), in: archive)
        }
        // Many archives start every name with "./", which is redundant.
        let isDotted = unsafe strncmp(name, "./", 2) == 0 && name[2] != 0 && name[2] != 0x2f
        unsafe self.init(
            path: FilePath(platformString: isDotted ? name + 2 : name),
            kind: Kind(header: header)
        )
        mode = unsafe archive_entry_perm(header)
        userID = unsafe archive_entry_uid(header)
        groupID = unsafe archive_entry_gid(header)
        modified = unsafe FileTime(
            seconds: Int64(archive_entry_mtime(header)),
            nanoseconds: Int64(archive_entry_mtime_nsec(header))
        )
        unsafe archive_entry_xattr_reset(header)
        var (key, value, size): (UnsafePointer<CChar>?, UnsafeRawPointer?, Int) = (nil, nil, 0)
        while unsafe archive_entry_xattr_next(header, &key, &value, &size) == ARCHIVE_OK,
            let key = unsafe key
        {
            let bytes = unsafe UnsafeRawBufferPointer(start: value, count: size)
            unsafe attributes[String(cString: key)] = unsafe Array(bytes)
        }
    }
}

extension TarEntry.Kind {
    fileprivate init(header: OpaquePointer) {
        if let target = unsafe archive_entry_hardlink(header) {
            self = unsafe .hardLink(target: FilePath(platformString: target))
            return
        }
        let (major, minor) = unsafe (
            UInt32(truncatingIfNeeded: archive_entry_rdevmajor(header)),
            UInt32(truncatingIfNeeded: archive_entry_rdevminor(header))
        )
        let type = unsafe archive_entry_filetype(header)
        switch type {
        case S_IFREG: self = unsafe .file(size: archive_entry_size(header))
        case S_IFDIR: self = .directory
        case S_IFLNK:
            let target = unsafe archive_entry_symlink(header)
            self = unsafe .symbolicLink(
                target: target.map { unsafe FilePath(platformString: $0) } ?? ""
            )
        case S_IFCHR: self = .characterDevice(major: major, minor: minor)
        case S_IFBLK: self = .blockDevice(major: major, minor: minor)
        case S_IFIFO: self = .fifo
        default: self = .other(mode: type)
        }
    }
}
