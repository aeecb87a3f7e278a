public import OCI

/// An image in the store.
public struct Image: Sendable, Equatable {
    /// The digest of the configuration, as `docker images` shows it.
    public var id: Digest
    /// What the index says of the manifest.
    public var manifest: ContentDescriptor
    public var configuration: ImageConfiguration
    /// Lowest first.
    public var layers: [Layer]

    /// What the image runs on.
    public var platform: Platform { configuration.platform }

    /// The snapshots that the image's root file system is stacked from, lowest first.
    public var chain: [ChainID] { layers.map(\.chainID) }

    /// The bytes of all layers as they are stored.
    public var size: Int64 { layers.reduce(0) { $0 + $1.descriptor.size } }
}

/// A layer in the store, in its place in a stack.
public struct Layer: Sendable, Hashable, Codable {
    /// The archive as it is stored.
    public var descriptor: ContentDescriptor
    /// The digest of the archive without compression.
    public var diffID: Digest
    /// The stack below; nil for the lowest layer.
    public var parent: ChainID?
    /// The stack up to and with this layer.
    public var chainID: ChainID

    public init(descriptor: ContentDescriptor, diffID: Digest, over parent: ChainID?) {
        self.descriptor = descriptor
        self.diffID = diffID
        self.parent = parent
        chainID = ChainID(diffID, over: parent)
    }
}

/// An image with one of its names; nil for an image that has none.
public struct TaggedImage: Sendable, Equatable {
    public var reference: ImageReference?
    public var image: Image

    public init(reference: ImageReference?, image: Image) {
        self.reference = reference
        self.image = image
    }
}
