import Archive
import Linux
public import OCI
public import SystemPackage

extension ImageStore {
    /// The maximum size of a manifest, index or configuration in bytes. Registries reject more than
    /// 4 MiB.
    static let documentLimit = 8 << 20

    /// Starts a blob, which is verified against `expected`. The caller must hold the store.
    public func makeBlob(
        expected: ContentDescriptor? = nil
    ) throws(ImageStoreError) -> BlobWriter {
        try BlobWriter(store: self, expected: expected)
    }

    /// Whether the blob is in the store.
    public func contains(_ digest: Digest) -> Bool { FileSystem.exists(path(ofBlob: digest)) }

    /// Whether the blob is in the store; throws if its size differs from that in `descriptor`.
    public func contains(_ descriptor: ContentDescriptor) throws(ImageStoreError) -> Bool {
        guard contains(descriptor.digest) else { return false }
        let size = try during(system: FileSystem.status(of: path(ofBlob: descriptor.digest)).size)
        guard size == descriptor.size else {
            let problem = ImageStoreError.Problem.sizeMismatch(
                expected: descriptor.size,
                actual: size
            )
            throw ImageStoreError(problem, in: "\(descriptor.digest)")
        }
        return true
    }

    /// The path of the blob, which need not exist.
    public func path(ofBlob digest: Digest) -> FilePath { blobs.appending(digest.hex) }

    /// Adds `bytes` as a blob. The caller must hold the store.
    public func add(
        _ bytes: [UInt8],
        mediaType: MediaType
    ) throws(ImageStoreError) -> ContentDescriptor {
        let writer = try makeBlob()
        try writer.write(bytes)
        return try writer.finish(mediaType: mediaType)
    }

    /// Reads a document and verifies it again, to detect disk corruption.
    public func document(_ digest: Digest) throws(ImageStoreError) -> [UInt8] {
        let path = path(ofBlob: digest)
        guard FileSystem.exists(path) else {
            throw ImageStoreError(.missingBlob(digest), in: "image document")
        }
        let bytes = try read(path)
        let actual = Digest.sha256(of: bytes)
        guard actual == digest else {
            try discard(blob: digest)
            let problem = ImageStoreError.Problem.digestMismatch(expected: digest, actual: actual)
            throw ImageStoreError(problem, in: path.string)
        }
        return bytes
    }

    /// Throws and removes the blob if its content does not match its digest.
    func verify(_ blob: ContentDescriptor) throws(ImageStoreError) {
        let source = try source(ofBlob: blob.digest)
        var hash = ContentHash()
        while true {
            let piece = try during(archive: source.next())
            if piece.isEmpty { break }
            hash.update(piece)
        }
        guard hash.digest == blob.digest else {
            try discard(blob: blob.digest)
            let problem = ImageStoreError.Problem.digestMismatch(
                expected: blob.digest,
                actual: hash.digest
            )
            throw ImageStoreError(problem, in: "layer")
        }
    }

    /// Removes a blob with damaged content, so that it can be pulled or loaded again.
    func discard(blob digest: Digest) throws(ImageStoreError) {
        try during(system: FileSystem.removeTree(path(ofBlob: digest)))
    }

    /// Reads a file up to `documentLimit`.
    func read(_ path: FilePath) throws(ImageStoreError) -> [UInt8] {
        let file = try during(system: Descriptor.open(path))
        var bytes: [UInt8] = []
        while bytes.count <= Self.documentLimit {
            let piece = try during(system: file.read())
            if piece.isEmpty { break }
            bytes += piece
        }
        guard bytes.count <= Self.documentLimit else {
            throw ImageStoreError(.tooLong(limit: Self.documentLimit), in: path.string)
        }
        return bytes
    }

    /// The stored bytes of the blob.
    func source(ofBlob digest: Digest) throws(ImageStoreError) -> ByteSource {
        guard contains(digest) else {
            throw ImageStoreError(.missingBlob(digest), in: "layer")
        }
        let path = path(ofBlob: digest)
        return try during(archive: ByteSource(file: path))
    }
}
