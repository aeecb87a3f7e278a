import Archive
import Linux
public import OCI
public import SystemPackage

extension ImageStore {
    /// Turns an overlay's upper directory into a layer over the stack `parent`.
    ///
    /// The directory itself becomes the snapshot: it moves into the store, whose file system it
    /// must share, and nothing is unpacked again. The archive is stored without compression:
    /// reading and hashing it is all a build then waits for (zstd's fastest level and the second
    /// hash would cost as much again, for a third of the room), and what is pushed is compressed
    /// on its way. Everything is on disk, by one syncfs(2), before it gets its name. Hold the store
    /// until a tag refers to the layer. Later times than `latestTime` are archived as that.
    public func commit(
        upper: FilePath,
        over parent: ChainID?,
        latestTime: Timestamp? = nil
    ) throws(ImageStoreError) -> Layer {
        let time = latestTime.map { FileTime(seconds: $0.seconds) }
        let blob = try makeBlob()
        let (sink, options) = (blob.sink, TreeOptions(kind: .overlayUpper, latestTime: time))
        let isOpaque = try wrapping(archive: { () throws(ArchiveError) in
            let writer = try TarWriter(name: "layer", sink: sink)
            try writer.addTree(upper, options: options)
            try writer.finish()
            return try UnpackedLayer.isOpaque(upper)
        })
        let scratch = try makeSnapshotScratch()
        do throws(ImageStoreError) {
            try move(upper, into: scratch)
            let descriptor = try blob.finish(mediaType: .layer, synchronizing: false)
            let layer = Layer(descriptor: descriptor, diffID: descriptor.digest, over: parent)
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
        try wrapping(system: { () throws(SystemCallError) in
            try FileSystem.rename(upper, to: tree)
        })
    }

    /// Puts an image into the index whose manifest and all that it names are in the store.
    ///
    /// Hold the store until the image has its name, or is in use.
    public func addImage(_ manifest: ContentDescriptor) throws(ImageStoreError) -> Image {
        var manifest = manifest
        manifest.annotations = [:]
        let image = try image(of: manifest)
        try register(manifest)
        return image
    }

    /// The layer compressed by gzip, which the store keeps until garbage is collected.
    ///
    /// Hold the store meanwhile.
    public func compressed(
        _ layer: ContentDescriptor
    ) throws(ImageStoreError) -> ContentDescriptor {
        let (source, blob) = (try source(ofBlob: layer.digest), try makeBlob())
        let sink = blob.sink
        try wrapping(archive: { () throws(ArchiveError) in
            try source.compress(gzipLevel: 6, to: sink)
        })
        return try blob.finish(mediaType: .gzipLayer, synchronizing: false)
    }

    /// Makes an image without a name from a configuration and layers in the store, lowest first.
    ///
    /// The configuration's `diffIDs` are set from the layers. Hold the store until the image has
    /// its name, or is in use.
    public func makeImage(
        configuration: ImageConfiguration,
        layers: [Layer]
    ) throws(ImageStoreError) -> Image {
        var configuration = configuration
        configuration.diffIDs = layers.map(\.diffID)
        let config = try add(wrapping(document: configuration.json), mediaType: .configuration)
        let document = ImageManifest(config: config, layers: layers.map(\.descriptor))
        var manifest = try add(wrapping(document: document.json), mediaType: .manifest)
        manifest.platform = configuration.platform
        try register(manifest)
        return try image(of: manifest)
    }
}
