public import Archive
import Linux
public import OCI
import SystemPackage

extension ImageStore {
    /// Creates a layer from a tar archive, compressed or not, over the stack `parent`.
    ///
    /// The archive is hashed, stored compressed and unpacked in one pass. The caller must hold
    /// the store until a tag refers to the layer.
    public func makeLayer(
        from source: ByteSource,
        over parent: ChainID? = nil
    ) throws(ImageStoreError) -> Layer {
        let archive = try LayerWriter(self)
        let scratch = try makeSnapshotScratch()
        do throws(ImageStoreError) {
            let tree = scratch.appending(Snapshot.treeName)
            try during(system: FileSystem.makeDirectory(tree))
            let isOpaque = try unpack(source, into: tree, observer: archive.sink)
            let layer = try archive.finish(over: parent)
            try Snapshot(layer: layer, isOpaque: isOpaque).write(into: scratch)
            try publish([(scratch, layer.chainID)])
            return layer
        } catch {
            discard(scratch)
            throw error
        }
    }

    /// Creates an image of one layer from the tar archive of a root file system, and tags it.
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
