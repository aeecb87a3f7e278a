public import Archive
import Linux
public import OCI
import SystemPackage

extension ImageStore {
    /// Makes a layer of a tar archive, compressed or not, over the stack `parent`.
    ///
    /// The archive is hashed, stored without compression and unpacked in one pass over it. Hold
    /// the store until a tag refers to the layer.
    public func makeLayer(
        from source: ByteSource,
        over parent: ChainID? = nil
    ) throws(ImageStoreError) -> Layer {
        let blob = try makeBlob()
        let scratch = try makeSnapshotScratch()
        do throws(ImageStoreError) {
            let tree = scratch.appending(Snapshot.treeName)
            try wrapping(system: { () throws(SystemCallError) in
                try FileSystem.makeDirectory(tree)
            })
            let sink = blob.sink
            let isOpaque = try wrapping(archive: { () throws(ArchiveError) in
                let reader = try TarReader(source, observer: sink)
                try reader.extract(into: tree, options: ExtractionOptions(whiteouts: .overlay))
                return try UnpackedLayer.isOpaque(tree)
            })
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

    /// Makes an image of one layer, the tar archive of a root file system, and names it.
    public func importRootfs(
        _ source: ByteSource,
        as reference: ImageReference?,
        configuration: ImageConfiguration
    ) throws(ImageStoreError) -> Image {
        let hold = try hold()
        let layer = try makeLayer(from: source)
        let image = try makeImage(configuration: configuration, layers: [layer])
        if let reference { try tag(image, as: reference) }
        _ = consume hold
        return image
    }
}
