import CArchive
import Glibc

/// A libarchive reader and its source.
///
/// libarchive stores the addresses of this object and its buffer; both live until the reader is
/// freed.
@safe final class ReadHandle {
    let archive: OpaquePointer
    let source: ByteSource
    private var buffer = UnsafeMutableRawBufferPointer.allocate(
        byteCount: ByteSource.pieceSize,
        alignment: 16
    )
    /// The error of the source, which libarchive does not know.
    private var failure: ArchiveError?

    init(_ source: ByteSource, configure: (OpaquePointer) -> Void) throws(ArchiveError) {
        guard let archive = unsafe archive_read_new() else {
            throw ArchiveError(.format("no memory"), in: source.name)
        }
        unsafe self.archive = unsafe archive
        self.source = source
        unsafe configure(archive)
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let status = unsafe archive_read_open(
            archive,
            context,
            nil,
            { _, context, address in
                guard let context = unsafe context, let address = unsafe address else { return -1 }
                let handle = unsafe Unmanaged<ReadHandle>.fromOpaque(context).takeUnretainedValue()
                return unsafe handle.refill(address)
            },
            nil
        )
        try check(status)
    }

    deinit {
        unsafe archive_read_free(archive)
        unsafe buffer.deallocate()
    }

    /// Throws if `status` is an error; warnings concern the character set of names, whose bytes are
    /// kept unchanged.
    func check(_ status: Int32, in entry: String? = nil) throws(ArchiveError) {
        guard status < ARCHIVE_WARN else { return }
        if let failure { throw failure }
        let message = unsafe archive_error_string(archive).map { unsafe String(cString: $0) }
        let subject = entry.map { "\(source.name), \($0)" } ?? source.name
        throw ArchiveError(.format(message ?? "unknown format"), in: subject)
    }

    private func refill(_ address: UnsafeMutablePointer<UnsafeRawPointer?>) -> Int {
        do throws(ArchiveError) {
            let piece = try source.next()
            if unsafe piece.count > buffer.count {
                unsafe buffer.deallocate()
                unsafe buffer = .allocate(byteCount: piece.count, alignment: 16)
            }
            unsafe buffer.copyBytes(from: piece)
            unsafe address.pointee = UnsafeRawPointer(buffer.baseAddress)
            return piece.count
        } catch {
            failure = error
            return -1
        }
    }
}
