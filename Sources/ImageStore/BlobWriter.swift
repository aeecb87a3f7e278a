public import Archive
import Linux
public import OCI
import Synchronization
import SystemPackage

/// Writes a blob, hashing its bytes, and gives it its name at the end.
public final class BlobWriter: Sendable {
    private struct State {
        var hash = ContentHash()
        var size: Int64 = 0
        var isNamed = false
    }

    private let store: ImageStore
    private let path: FilePath
    private let file: Shared<Descriptor>
    private let state = Mutex(State())
    /// The expected blob; a longer one is rejected at the first excess byte.
    private let expected: ContentDescriptor?

    init(store: ImageStore, expected: ContentDescriptor?) throws(ImageStoreError) {
        if let expected, expected.digest.algorithm != .sha256 {
            throw ImageStoreError(.unsupportedAlgorithm(expected.digest), in: "blob")
        }
        self.store = store
        self.expected = expected
        let path = store.scratchName(in: store.imagesScratch)
        self.path = path
        file = Shared(
            try during(
                system: Descriptor.open(path, [.writing, .creating, .exclusive], mode: 0o600)
            )
        )
    }

    deinit {
        // A file that cannot be removed now is removed when the store is next opened.
        let isNamed = state.withLock { $0.isNamed }
        if !isNamed { try? FileSystem.removeFile(path) }
    }

    /// The number of bytes written so far.
    public var size: Int64 { state.withLock { $0.size } }

    /// Appends `bytes`.
    public func write(_ bytes: [UInt8]) throws(ImageStoreError) {
        let size = size + Int64(bytes.count)
        if let expected, size > expected.size {
            let problem = ImageStoreError.Problem.sizeMismatch(
                expected: expected.size,
                actual: size
            )
            throw ImageStoreError(problem, in: "\(expected.digest)")
        }
        try during(archive: append(bytes))
    }

    /// Appends all bytes of `source`.
    public func write(_ source: ByteSource) throws(ImageStoreError) {
        while true {
            let piece = try during(archive: source.next())
            if piece.isEmpty { return }
            try write(piece)
        }
    }

    /// A sink for an archive writer.
    var sink: TarWriter.Sink {
        { (bytes) throws(ArchiveError) in try self.append(bytes) }
    }

    private func append(_ bytes: [UInt8]) throws(ArchiveError) {
        do throws(SystemCallError) {
            try state.withLock { (state) throws(SystemCallError) in
                try file.value.write(bytes)
                state.hash.update(bytes)
                state.size += Int64(bytes.count)
            }
        } catch {
            throw ArchiveError(.system(error), in: path.string)
        }
    }

    /// Verifies the content, flushes it to disk and moves it to its place.
    public func finish(mediaType: MediaType) throws(ImageStoreError) -> ContentDescriptor {
        try finish(mediaType: mediaType, synchronizing: true)
    }

    /// Without `synchronizing`, the caller must flush it to disk before referring to it.
    func finish(
        mediaType: MediaType,
        synchronizing: Bool
    ) throws(ImageStoreError) -> ContentDescriptor {
        let (digest, size) = state.withLock { ($0.hash.digest, $0.size) }
        try verify(digest)
        let target = store.path(ofBlob: digest)
        if !FileSystem.exists(target) {
            let (file, path, directory) = (file, path, store.blobs)
            if synchronizing { try during(system: file.value.synchronize()) }
            try during(system: FileSystem.rename(path, to: target))
            if synchronizing { try during(system: FileSystem.synchronize(directory: directory)) }
            state.withLock { $0.isNamed = true }
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
}
