import Archive
import OCI

/// Stores the archive of a layer compressed, and computes the digest of the uncompressed archive.
///
/// The layer is unpacked as well, so the archive is only needed for pushing, saving and unpacking
/// again. gzip, at its fastest level, is the one compression that every tool reads: skopeo, for
/// one, cannot convert layers of zstd for docker.
final class LayerWriter {
    private let blob: BlobWriter
    private let compressor: StreamCompressor
    private var hash = ContentHash()
    private var size: Int64 = 0

    init(_ store: ImageStore) throws(ImageStoreError) {
        let blob = try store.makeBlob()
        self.blob = blob
        compressor = try during(
            archive: StreamCompressor(name: "layer", encoding: .gzip(level: 1), sink: blob.sink)
        )
    }

    /// Takes the uncompressed archive.
    var sink: TarWriter.Sink {
        { (bytes) throws(ArchiveError) in
            self.hash.update(bytes)
            self.size += Int64(bytes.count)
            try self.compressor.write(bytes)
        }
    }

    /// Completes the blob, which the caller must flush to disk before referring to it.
    func finish(over parent: ChainID?) throws(ImageStoreError) -> Layer {
        try during(archive: compressor.finish())
        var descriptor = try blob.finish(mediaType: .gzipLayer, synchronizing: false)
        descriptor.annotations[AnnotationKey.uncompressedSize] = "\(size)"
        return Layer(descriptor: descriptor, diffID: hash.digest, over: parent)
    }
}
