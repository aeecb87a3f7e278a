import Archive
import Linux
import OCI
import SystemPackage

/// A source of images to load.
protocol LoadedContent {
    /// The layout's index; nil if there is none.
    func index() throws(ImageStoreError) -> ImageIndex?
    /// Docker's list of images; empty if there is none.
    func dockerManifest() throws(ImageStoreError) -> [DockerManifestEntry]
    func has(_ digest: Digest) -> Bool
    /// Adds the content to the store unless it is there.
    func provide(_ descriptor: ContentDescriptor) throws(ImageStoreError)
    /// The descriptor of the file at `path`.
    func descriptor(
        of path: String,
        mediaType: MediaType
    ) throws(ImageStoreError) -> ContentDescriptor
}

/// The files of an archive, added to the store as they are read, because a pipe cannot be read
/// twice.
final class ArchiveContent: LoadedContent {
    private let store: ImageStore
    private var documents: [String: [UInt8]] = [:]
    private var blobs: [String: ContentDescriptor] = [:]
    private var links: [String: String] = [:]

    init(store: ImageStore) { self.store = store }

    /// Reads an entry: `index.json` and `manifest.json` to memory, other files of images to the
    /// store.
    func take(_ entry: TarEntry, from reader: TarReader) throws(ImageStoreError) {
        let path = entry.path.lexicallyNormalized().string
        switch entry.kind {
        case .file(let size) where path == "index.json" || path == "manifest.json":
            guard size <= Int64(ImageStore.documentLimit) else {
                throw ImageStoreError(.tooLong(limit: ImageStore.documentLimit), in: path)
            }
            documents[path] = try during(archive: reader.contents(limit: ImageStore.documentLimit))
        case .file(let size):
            let prefix = "blobs/sha256/"
            let isBlob = path.hasPrefix(prefix)
            guard isBlob || path.hasSuffix(".json") || path.hasSuffix(".tar") else { return }
            var expected: ContentDescriptor?
            if isBlob {
                let hex = path.dropFirst(prefix.count)
                let digest = try during(document: Digest("sha256:" + hex), in: path)
                expected = ContentDescriptor(mediaType: .layer, digest: digest, size: size)
                if let present = expected, try store.contains(present) {
                    blobs[path] = present
                    return
                }
            }
            let blob = try store.makeBlob(expected: expected)
            try blob.write(reader.content)
            blobs[path] = try blob.finish(mediaType: .layer)
        case .symbolicLink(let target):
            let directory = entry.path.removingLastComponent()
            links[path] = directory.appending(target.components).lexicallyNormalized().string
        case .hardLink(let target): links[path] = target.lexicallyNormalized().string
        default: break
        }
    }

    func index() throws(ImageStoreError) -> ImageIndex? {
        guard let bytes = documents["index.json"] else { return nil }
        return try during(document: ImageIndex(json: bytes, name: "index.json"))
    }

    func dockerManifest() throws(ImageStoreError) -> [DockerManifestEntry] {
        guard let bytes = documents["manifest.json"] else { return [] }
        return try during(document: DockerManifest(json: bytes, name: "manifest.json").entries)
    }

    func has(_ digest: Digest) -> Bool { blobs["blobs/sha256/\(digest.hex)"] != nil }

    func provide(_ descriptor: ContentDescriptor) throws(ImageStoreError) {
        guard try store.contains(descriptor) else {
            throw ImageStoreError(.missingBlob(descriptor.digest), in: "archive")
        }
    }

    func descriptor(
        of path: String,
        mediaType: MediaType
    ) throws(ImageStoreError) -> ContentDescriptor {
        guard var descriptor = blobs[links[path] ?? path] else {
            throw ImageStoreError(.noImage, in: "archive (file '\(path)' is missing)")
        }
        descriptor.mediaType = mediaType
        return descriptor
    }
}

/// An OCI layout in a directory.
struct DirectoryContent: LoadedContent {
    var store: ImageStore
    var directory: FilePath

    func index() throws(ImageStoreError) -> ImageIndex? {
        let path = directory.appending("index.json")
        guard FileSystem.exists(path) else { return nil }
        let bytes = try store.read(path)
        return try during(document: ImageIndex(json: bytes, name: path.string))
    }

    func dockerManifest() -> [DockerManifestEntry] { [] }

    func has(_ digest: Digest) -> Bool {
        store.contains(digest) || FileSystem.exists(path(of: digest))
    }

    func provide(_ descriptor: ContentDescriptor) throws(ImageStoreError) {
        if try store.contains(descriptor) { return }
        let path = path(of: descriptor.digest)
        guard FileSystem.exists(path) else {
            throw ImageStoreError(.missingBlob(descriptor.digest), in: directory.string)
        }
        let source = try during(archive: ByteSource(file: path))
        let blob = try store.makeBlob(expected: descriptor)
        try blob.write(source)
        _ = try blob.finish(mediaType: descriptor.mediaType)
    }

    func descriptor(
        of path: String,
        mediaType: MediaType
    ) throws(ImageStoreError) -> ContentDescriptor {
        throw ImageStoreError(.noImage, in: directory.string)
    }

    private func path(of digest: Digest) -> FilePath {
        directory.appending("blobs").appending(digest.algorithm.rawValue).appending(digest.hex)
    }
}
