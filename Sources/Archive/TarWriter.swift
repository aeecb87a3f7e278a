import CArchive
import Glibc
import Linux
public import SystemPackage

/// Writes a tar archive whose bytes depend only on its entries.
///
/// The format is ustar, with PAX headers only for entries that need them, which every tool reads.
/// Source: POSIX pax, "ustar Interchange Format"; tar(5) of libarchive.
@safe public final class TarWriter {
    /// Receives the archive's bytes piece by piece.
    public typealias Sink = ([UInt8]) throws(ArchiveError) -> Void

    /// The compression of the archive.
    public enum Encoding: Sendable, Equatable {
        case none
        case gzip(level: Int)
        case zstd(level: Int)
    }

    /// The name of the archive in messages.
    let name: String
    private let archive: OpaquePointer
    private let sink: Sink
    /// The error of the sink, which libarchive does not know.
    private var failure: ArchiveError?

    public convenience init(
        name: String,
        encoding: Encoding = .none,
        sink: @escaping Sink
    ) throws(ArchiveError) {
        try self.init(name: name, encoding: encoding, isRaw: false, sink: sink)
    }

    /// With `isRaw`, a single stream of bytes is compressed, without the tar format.
    init(
        name: String,
        encoding: Encoding,
        isRaw: Bool,
        sink: @escaping Sink
    ) throws(ArchiveError) {
        guard let archive = unsafe archive_write_new() else {
            throw ArchiveError(.format("no memory"), in: name)
        }
        self.name = name
        unsafe self.archive = unsafe archive
        self.sink = sink
        try configure(encoding, isRaw: isRaw)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        try check(
            unsafe archive_write_open(
                archive,
                context,
                nil,
                { _, context, address, count in
                    guard let context = unsafe context else { return -1 }
                    let writer = unsafe Unmanaged<TarWriter>.fromOpaque(context)
                        .takeUnretainedValue()
                    return unsafe writer.take(UnsafeRawBufferPointer(start: address, count: count))
                },
                nil
            )
        )
    }

    deinit { unsafe archive_write_free(archive) }

    /// Adds an entry; `content` must yield exactly the size of a file.
    public func add(_ entry: TarEntry, content: ByteSource? = nil) throws(ArchiveError) {
        try addHeader(entry, dataParts: [])
        guard let content, case .file(let size) = entry.kind else { return }
        var rest = size
        while rest > 0 {
            let piece = try content.next()
            guard !piece.isEmpty, piece.count <= rest else {
                let fault = "the content is not \(size) bytes long"
                throw ArchiveError(.format(fault), in: "\(name), \(entry.path)")
            }
            try write(piece, of: entry.path)
            rest -= Int64(piece.count)
        }
    }

    /// Adds a file with the given contents.
    public func add(_ path: FilePath, contents: [UInt8]) throws(ArchiveError) {
        let entry = TarEntry(path: path, kind: .file(size: Int64(contents.count)))
        try add(entry, content: ByteSource(bytes: contents, name: path.string))
    }

    /// Completes the archive; nothing can be added afterwards.
    public func finish() throws(ArchiveError) {
        try check(unsafe archive_write_close(archive))
    }

    private func configure(_ encoding: Encoding, isRaw: Bool) throws(ArchiveError) {
        if isRaw {
            try check(unsafe archive_write_set_format_raw(archive))
        } else {
            try check(unsafe archive_write_set_format_pax_restricted(archive))
            // Other tools read extended attributes only under this name. Non-ASCII names are
            // written unchanged, since no locale is set.
            try check(unsafe archive_write_set_options(archive, "xattrheader=SCHILY"))
        }
        switch encoding {
        case .none: try check(unsafe archive_write_add_filter_none(archive))
        case .gzip(let level):
            try check(unsafe archive_write_add_filter_gzip(archive))
            try check(
                unsafe archive_write_set_options(
                    archive,
                    "gzip:compression-level=\(level),gzip:!timestamp"
                )
            )
        case .zstd(let level):
            try check(unsafe archive_write_add_filter_zstd(archive))
            try check(unsafe archive_write_set_options(archive, "compression-level=\(level)"))
        }
        try check(unsafe archive_write_set_bytes_per_block(archive, Int32(ByteSource.pieceSize)))
        try check(unsafe archive_write_set_bytes_in_last_block(archive, 1))
    }

    /// Writes an entry's header; `dataParts` are the ranges of a sparse file that contain data.
    func addHeader(
        _ entry: TarEntry,
        dataParts: [Range<Int64>]
    ) throws(ArchiveError) {
        guard let header = unsafe archive_entry_new() else {
            throw ArchiveError(.format("no memory"), in: name)
        }
        defer { unsafe archive_entry_free(header) }
        unsafe entry.fill(header)
        for data in dataParts {
            unsafe archive_entry_sparse_add_entry(
                header,
                data.lowerBound,
                data.upperBound - data.lowerBound
            )
        }
        try check(unsafe archive_write_header(archive, header), in: entry.path)
    }

    /// Writes content of the current entry.
    func write(_ bytes: [UInt8], of path: FilePath) throws(ArchiveError) {
        var written = 0
        while written < bytes.count {
            let start = written
            let count = unsafe bytes.withUnsafeBytes { bytes in
                unsafe archive_write_data(
                    archive,
                    bytes.baseAddress.map { unsafe $0 + start },
                    bytes.count - start
                )
            }
            if count < 0 { try check(Int32(clamping: count), in: path) }
            guard count > 0 else {
                throw ArchiveError(
                    .format("the file grew while being read"),
                    in: "\(name), \(path)"
                )
            }
            written += count
        }
    }

    private func check(_ status: Int32, in path: FilePath? = nil) throws(ArchiveError) {
        guard status < ARCHIVE_WARN else { return }
        if let failure { throw failure }
        let message = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
        let subject = path.map { "\(name), \($0)" } ?? name
        throw ArchiveError(.format(message ?? "cannot be written"), in: subject)
    }

    private func take(_ bytes: UnsafeRawBufferPointer) -> Int {
        do throws(ArchiveError) {
            try sink(unsafe Array(bytes))
            return bytes.count
        } catch {
            failure = error
            return -1
        }
    }
}

extension TarEntry {
    fileprivate func fill(_ header: OpaquePointer) {
        unsafe path.withPlatformString { unsafe archive_entry_copy_pathname(header, $0) }
        unsafe archive_entry_set_uid(header, userID)
        unsafe archive_entry_set_gid(header, groupID)
        unsafe archive_entry_set_mtime(
            header,
            Int(modified.seconds),
            Int(modified.nanoseconds)
        )
        switch kind {
        case .file(let size):
            unsafe archive_entry_set_filetype(header, S_IFREG)
            unsafe archive_entry_set_size(header, size)
        case .directory: unsafe archive_entry_set_filetype(header, S_IFDIR)
        case .symbolicLink(let target):
            unsafe archive_entry_set_filetype(header, S_IFLNK)
            unsafe target.withPlatformString { unsafe archive_entry_copy_symlink(header, $0) }
        case .hardLink(let target):
            unsafe archive_entry_set_filetype(header, S_IFREG)
            unsafe target.withPlatformString { unsafe archive_entry_copy_hardlink(header, $0) }
        case .characterDevice(let major, let minor):
            unsafe archive_entry_set_filetype(header, S_IFCHR)
            unsafe archive_entry_set_rdevmajor(header, UInt(major))
            unsafe archive_entry_set_rdevminor(header, UInt(minor))
        case .blockDevice(let major, let minor):
            unsafe archive_entry_set_filetype(header, S_IFBLK)
            unsafe archive_entry_set_rdevmajor(header, UInt(major))
            unsafe archive_entry_set_rdevminor(header, UInt(minor))
        case .fifo: unsafe archive_entry_set_filetype(header, S_IFIFO)
        case .other(let type): unsafe archive_entry_set_filetype(header, type)
        }
        unsafe archive_entry_set_perm(header, mode)
        for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
            unsafe value.withUnsafeBytes {
                unsafe archive_entry_xattr_add_entry(header, name, $0.baseAddress, $0.count)
            }
        }
    }
}
