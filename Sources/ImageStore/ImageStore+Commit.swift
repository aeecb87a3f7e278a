import Archive
import Linux
public import OCI
public import SystemPackage

extension ImageStore {
    /// Commits an overlay's upper directory as a layer over the stack `parent`.
    ///
    /// The directory itself becomes the snapshot: it is moved to the store, which must be on the
    /// same file system, and is not unpacked again. One syncfs(2) flushes everything to disk before
    /// it gets its name. The caller must hold the store until a tag refers to the layer. Times
    /// later than `latestTime` are clamped to it.
    public func commit(
        upper: FilePath,
        over parent: ChainID?,
        latestTime: Timestamp? = nil
    ) throws(ImageStoreError) -> Layer {
        let time = latestTime.map { FileTime(seconds: $0.seconds) }
        let archive = try LayerWriter(self)
        let options = TreeOptions(kind: .overlayUpper, latestTime: time)
        let writer = try during(archive: TarWriter(name: "layer", sink: archive.sink))
        try during(archive: writer.addTree(upper, options: options))
        try during(archive: writer.finish())
        let isOpaque = try during(archive: UnpackedLayer.isOpaque(upper))
        let scratch = try makeSnapshotScratch()
        do throws(ImageStoreError) {
            try move(upper, into: scratch)
            let layer = try archive.finish(over: parent)
            try Snapshot(layer: layer, isOpaque: isOpaque).write(into: scratch)
            try publish([(scratch, layer.chainID)])
            return layer
        } catch {
            discard(scratch)
            throw error
        }
    }

    private func move(_ upper: FilePath, into scratch: FilePath) throws(ImageStoreError) {
        let tree = scratch.appending(Snapshot.treeName)
        try during(system: FileSystem.rename(upper, to: tree))
    }

    /// Adds an image to the index whose manifest and content are in the store.
    ///
    /// The caller must hold the store until the image has a name or is in use.
    public func addImage(_ manifest: ContentDescriptor) throws(ImageStoreError) -> Image {
        var manifest = manifest
        manifest.annotations = [:]
        let image = try image(of: manifest)
        try register(manifest)
        return image
    }

    /// Compresses a layer with gzip; the store keeps the result until garbage is collected.
    ///
    /// The caller must hold the store.
    public func compressed(
        _ layer: ContentDescriptor
    ) throws(ImageStoreError) -> ContentDescriptor {
        let (source, blob) = (try source(ofBlob: layer.digest), try makeBlob())
        let (_, plain) = try during(archive: source.decompressed())
        try during(archive: plain.compress(.gzip(level: 6), to: blob.sink))
        return try blob.finish(mediaType: .gzipLayer, synchronizing: false)
    }

    /// Creates an untagged image from a configuration and layers in the store, lowest first.
    ///
    /// The configuration's `diffIDs` are set from the layers. The caller must hold the store until
    /// the image has a name or is in use.
    public func makeImage(
        configuration: ImageConfiguration,
        layers: [Layer]
    ) throws(ImageStoreError) -> Image {
        var configuration = configuration
        configuration.diffIDs = layers.map(\.diffID)
        let config = try add(during(document: configuration.json()), mediaType: .configuration)
        let document = ImageManifest(config: config, layers: layers.map(\.descriptor))
        var manifest = try add(during(document: document.json()), mediaType: .manifest)
        manifest.platform = configuration.platform
        try register(manifest)
        return try image(of: manifest)
    }
}
