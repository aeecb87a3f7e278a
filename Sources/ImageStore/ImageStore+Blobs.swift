import Archive
import Linux
public import OCI
public import SystemPackage

extension ImageStore {
    /// The longest manifest, index or configuration that is read. Registries refuse more than 4 MiB.
    static let documentLimit = 8 << 20

    /// Begins a blob; `expected` is verified when given. Hold the store meanwhile.
    public func makeBlob(
        expected: ContentDescriptor? = nil
    ) throws(ImageStoreError) -> BlobWriter {
        try BlobWriter(store: self, expected: expected)
    }

    /// Whether the blob is in the store.
    public func contains(_ digest: Digest) -> Bool { FileSystem.exists(path(ofBlob: digest)) }

    /// Where the blob is kept, whether it is there or not.
    public func path(ofBlob digest: Digest) -> FilePath { blobs.appending(digest.hex) }

    /// Puts `bytes` into the store. Hold the store meanwhile.
    public func add(
        _ bytes: [UInt8],
        mediaType: MediaType
    ) throws(ImageStoreError) -> ContentDescriptor {
        let writer = try makeBlob()
        try writer.write(bytes)
        return try writer.finish(mediaType: mediaType)
    }

    /// Reads a whole document, which is verified once more: it is small, and disks forget.
    public func document(_ digest: Digest) throws(ImageStoreError) -> [UInt8] {
        let path = path(ofBlob: digest)
        guard FileSystem.exists(path) else {
            throw ImageStoreError(.missingBlob(digest), in: "image document")
        }
        let bytes = try read(path)
        let actual = Digest.sha256(of: bytes)
        guard actual == digest else {
            let problem = ImageStoreError.Problem.digestMismatch(expected: digest, actual: actual)
            throw ImageStoreError(problem, in: path.string)
        }
        return bytes
    }

    /// Reads a file that is no longer than a document may be.
    func read(_ path: FilePath) throws(ImageStoreError) -> [UInt8] {
        let bytes = try wrapping(system: { () throws(SystemCallError) in
            let file = try Descriptor.open(path)
            var bytes: [UInt8] = []
            while bytes.count <= Self.documentLimit {
                let piece = try file.read()
                if piece.isEmpty { break }
                bytes += piece
            }
            return bytes
        })
        guard bytes.count <= Self.documentLimit else {
            throw ImageStoreError(.tooLong(limit: Self.documentLimit), in: path.string)
        }
        return bytes
    }

    /// The blob's bytes, as they are stored.
    func source(ofBlob digest: Digest) throws(ImageStoreError) -> ByteSource {
        guard contains(digest) else {
            throw ImageStoreError(.missingBlob(digest), in: "layer")
        }
        let path = path(ofBlob: digest)
        return try wrapping(archive: { () throws(ArchiveError) in try ByteSource(file: path) })
    }
}
