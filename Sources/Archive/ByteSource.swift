import Glibc
public import Linux
public import SystemPackage

/// A stream of bytes that is read piece by piece.
public struct ByteSource {
    /// The name used in messages.
    public let name: String
    /// Returns the next piece; empty at the end.
    public let next: () throws(ArchiveError) -> [UInt8]

    public init(name: String, next: @escaping () throws(ArchiveError) -> [UInt8]) {
        self.name = name
        self.next = next
    }

    /// The size of a piece in bytes: large enough to make the cost of calls negligible.
    static let pieceSize = 256 * 1024

    /// The bytes of a file.
    public init(file path: FilePath) throws(ArchiveError) {
        let descriptor = Descriptor(
            owning: try call("open", path.string) {
                unsafe path.withPlatformString { unsafe open($0, O_RDONLY | O_CLOEXEC) }
            }
        )
        self.init(owning: descriptor, name: path.string)
    }

    /// The content of a pipe or file, which is closed with the source.
    public init(owning descriptor: consuming Descriptor, name: String) {
        let shared = Shared(descriptor)
        self.init(name: name) { () throws(ArchiveError) in
            try Self.read(shared.value.number, name)
        }
    }

    /// The content of a descriptor that the caller keeps open.
    public init(borrowing number: Int32, name: String) {
        self.init(name: name) { () throws(ArchiveError) in try Self.read(number, name) }
    }

    /// Bytes in memory.
    public init(bytes: [UInt8], name: String) {
        var rest = bytes
        self.init(name: name) { () throws(ArchiveError) in
            defer { rest = [] }
            return rest
        }
    }

    /// The same bytes, with each piece also passed to `observer`.
    public func observed(
        by observer: @escaping ([UInt8]) throws(ArchiveError) -> Void
    ) -> ByteSource {
        ByteSource(name: name) { () throws(ArchiveError) in
            let piece = try next()
            if !piece.isEmpty { try observer(piece) }
            return piece
        }
    }

    /// Reads and discards the rest.
    public func drain() throws(ArchiveError) {
        while try !next().isEmpty {}
    }

    private static func read(_ number: Int32, _ name: String) throws(ArchiveError) -> [UInt8] {
        var failure: ArchiveError?
        let piece = unsafe [UInt8](unsafeUninitializedCapacity: pieceSize) { buffer, count in
            do throws(ArchiveError) {
                let address = buffer.baseAddress
                count = try call("read", name) { unsafe Glibc.read(number, address, pieceSize) }
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
        return piece
    }
}
