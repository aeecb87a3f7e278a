public import OCI

/// An image in the store.
public struct Image: Sendable, Equatable {
    /// The digest of the configuration, as shown by `docker images`.
    public var id: Digest
    /// The manifest's descriptor in the index.
    public var manifest: ContentDescriptor
    public var configuration: ImageConfiguration
    /// Lowest first.
    public var layers: [Layer]

    /// An image without content that stands for one which a dry run would pull or build.
    public static func placeholder(for reference: ImageReference) -> Image {
        let digest = Digest.sha256(of: Array(reference.description.utf8))
        let descriptor = ContentDescriptor(mediaType: .manifest, digest: digest, size: 0)
        return Image(
            id: digest,
            manifest: descriptor,
            configuration: ImageConfiguration(),
            layers: []
        )
    }

    /// The platform of the image.
    public var platform: Platform { configuration.platform }

    /// The snapshots of the image's root file system, lowest first.
    public var chain: [ChainID] { layers.map(\.chainID) }

    /// The size of all layers in bytes: uncompressed where it is known, otherwise as stored.
    public var size: Int64 { layers.reduce(0) { $0.addingSaturated($1.size) } }
}

/// A layer in the store and its position in a stack.
public struct Layer: Sendable, Hashable, Codable {
    /// The stored archive.
    public var descriptor: ContentDescriptor
    /// The digest of the uncompressed archive.
    public var diffID: Digest
    /// The stack below; nil for the lowest layer.
    public var parent: ChainID?
    /// The stack up to and including this layer.
    public var chainID: ChainID

    public init(descriptor: ContentDescriptor, diffID: Digest, over parent: ChainID?) {
        self.descriptor = descriptor
        self.diffID = diffID
        self.parent = parent
        chainID = ChainID(diffID, over: parent)
    }

    /// The size in bytes: uncompressed if it is known, otherwise as stored.
    public var size: Int64 {
        let annotation = descriptor.annotations[AnnotationKey.uncompressedSize]
        return annotation.flatMap { Int64($0) }.map { max(0, $0) } ?? descriptor.size
    }
}

/// An image with one of its names; the name is nil if it has none.
public struct TaggedImage: Sendable, Equatable {
    public var reference: ImageReference?
    public var image: Image

    public init(reference: ImageReference?, image: Image) {
        self.reference = reference
        self.image = image
    }
}
