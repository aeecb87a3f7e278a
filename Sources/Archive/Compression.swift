import CArchive
import SystemPackage

/// A compression format.
public enum Compression: String, Sendable, CaseIterable {
    case none
    case gzip
    case bzip2
    case xz
    case zstd

    init(filter code: Int32) {
        switch code {
        case ARCHIVE_FILTER_GZIP: self = .gzip
        case ARCHIVE_FILTER_BZIP2: self = .bzip2
        case ARCHIVE_FILTER_XZ: self = .xz
        case ARCHIVE_FILTER_ZSTD: self = .zstd
        default: self = .none
        }
    }
}

extension ByteSource {
    /// The bytes decompressed by the format that their first bytes indicate; other bytes are passed
    /// unchanged.
    public func decompressed() throws(ArchiveError) -> (compression: Compression, ByteSource) {
        let handle = try unsafe ReadHandle(self) { archive in
            unsafe archive_read_support_filter_gzip(archive)
            unsafe archive_read_support_filter_bzip2(archive)
            unsafe archive_read_support_filter_xz(archive)
            unsafe archive_read_support_filter_zstd(archive)
            unsafe archive_read_support_format_raw(archive)
            unsafe archive_read_support_format_empty(archive)
        }
        var entry: OpaquePointer?
        let status = unsafe archive_read_next_header(handle.archive, &entry)
        try handle.check(status)
        let compression = Compression(filter: unsafe archive_filter_code(handle.archive, 0))
        var isOver = status == ARCHIVE_EOF
        let plain = ByteSource(name: name) { () throws(ArchiveError) in
            guard !isOver else { return [] }
            let piece = try handle.readData()
            isOver = piece.isEmpty
            return piece
        }
        return (compression, plain)
    }

    /// Compresses the rest of the source reproducibly.
    public func compress(
        _ encoding: TarWriter.Encoding,
        to sink: @escaping TarWriter.Sink
    ) throws(ArchiveError) {
        let compressor = try StreamCompressor(name: name, encoding: encoding, sink: sink)
        while true {
            let piece = try next()
            if piece.isEmpty { break }
            try compressor.write(piece)
        }
        try compressor.finish()
    }
}

/// Compresses bytes as they are written, reproducibly.
public final class StreamCompressor {
    private let writer: TarWriter
    private static let entry = TarEntry(path: "data", kind: .file(size: 0))

    public init(
        name: String,
        encoding: TarWriter.Encoding,
        sink: @escaping TarWriter.Sink
    ) throws(ArchiveError) {
        writer = try TarWriter(name: name, encoding: encoding, isRaw: true, sink: sink)
        try writer.addHeader(Self.entry, dataParts: [])
    }

    public func write(_ bytes: [UInt8]) throws(ArchiveError) {
        try writer.write(bytes, of: Self.entry.path)
    }

    /// Writes what is buffered; nothing can be written afterwards.
    public func finish() throws(ArchiveError) { try writer.finish() }
}

extension ReadHandle {
    /// Returns the next bytes of the current entry; empty at its end.
    func readData(of entry: String? = nil) throws(ArchiveError) -> [UInt8] {
        var result = 0
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: ByteSource.pieceSize) {
            (buffer, count) in
            unsafe result = archive_read_data(archive, buffer.baseAddress, buffer.count)
            count = max(0, result)
        }
        if result < 0 { try check(Int32(clamping: result), in: entry) }
        return piece
    }
}
