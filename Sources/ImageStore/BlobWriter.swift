public import Archive
import Linux
public import OCI
import SystemPackage

/// Takes the bytes of one blob, hashes them as they pass, and gives them their name at the end.
public final class BlobWriter {
    private let store: ImageStore
    private let path: FilePath
    private let file: FileHolder
    private var hash = ContentHash()
    /// How many bytes have come so far.
    public private(set) var size: Int64 = 0
    /// What the blob must be; a longer one is refused at its first byte too many.
    private let expected: ContentDescriptor?
    private var isNamed = false

    init(store: ImageStore, expected: ContentDescriptor?) throws(ImageStoreError) {
        if let expected, expected.digest.algorithm != .sha256 {
            throw ImageStoreError(.unsupportedAlgorithm(expected.digest), in: "blob")
        }
        self.store = store
        self.expected = expected
        let path = store.scratchName(in: store.imagesScratch)
        self.path = path
        file = FileHolder(
            try wrapping(system: { () throws(SystemCallError) in
                try Descriptor.open(path, [.writing, .creating, .exclusive], mode: 0o600)
            })
        )
    }

    deinit {
        // A file that cannot be removed now goes when the store is opened the next time.
        if !isNamed { try? FileSystem.removeFile(path) }
    }

    /// Appends `bytes`.
    public func write(_ bytes: [UInt8]) throws(ImageStoreError) {
        size += Int64(bytes.count)
        if let expected, size > expected.size {
            let problem = ImageStoreError.Problem.sizeMismatch(
                expected: expected.size,
                actual: size
            )
            throw ImageStoreError(problem, in: "\(expected.digest)")
        }
        hash.update(bytes)
        let file = file
        try wrapping(
            path.string,
            system: { () throws(SystemCallError) in
                try file.descriptor.write(bytes)
            }
        )
    }

    /// Takes everything that `source` yields.
    public func write(_ source: ByteSource) throws(ImageStoreError) {
        while true {
            let piece = try wrapping(archive: source.next)
            if piece.isEmpty { return }
            try write(piece)
        }
    }

    /// A sink for an archive writer.
    var sink: TarWriter.Sink {
        { (bytes) throws(ArchiveError) in
            self.hash.update(bytes)
            self.size += Int64(bytes.count)
            do throws(SystemCallError) {
                try self.file.descriptor.write(bytes)
            } catch {
                throw ArchiveError(.system(error), in: self.path.string)
            }
        }
    }

    /// Verifies the content and puts it in its place; it is on disk afterwards.
    public func finish(mediaType: MediaType) throws(ImageStoreError) -> ContentDescriptor {
        try finish(mediaType: mediaType, synchronizing: true)
    }

    /// Without `synchronizing` the caller sees to it that all is on disk before it is referred to.
    func finish(
        mediaType: MediaType,
        synchronizing: Bool
    ) throws(ImageStoreError) -> ContentDescriptor {
        let digest = hash.digest
        try verify(digest)
        let target = store.path(ofBlob: digest)
        if !FileSystem.exists(target) {
            let (file, path, directory) = (file, path, store.blobs)
            try wrapping(system: { () throws(SystemCallError) in
                if synchronizing { try file.descriptor.synchronize() }
                try FileSystem.rename(path, to: target)
                if synchronizing { try FileSystem.synchronize(directory: directory) }
            })
            isNamed = true
        }
        return ContentDescriptor(mediaType: mediaType, digest: digest, size: size)
    }

    private func verify(_ actual: Digest) throws(ImageStoreError) {
        guard let expected else { return }
        guard size == expected.size else {
            let problem = ImageStoreError.Problem.sizeMismatch(
                expected: expected.size,
                actual: size
            )
            throw ImageStoreError(problem, in: "\(expected.digest)")
        }
        guard actual == expected.digest else {
            let problem = ImageStoreError.Problem.digestMismatch(
                expected: expected.digest,
                actual: actual
            )
            throw ImageStoreError(problem, in: "blob")
        }
    }

    private final class FileHolder {
        let descriptor: Descriptor
        init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }
    }
}
