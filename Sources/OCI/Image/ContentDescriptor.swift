/// A reference to content by media type, digest and size.
///
/// Source: OCI Image Specification, descriptor.md.
public struct ContentDescriptor: Hashable, Sendable {
    public var mediaType: MediaType
    public var digest: Digest
    /// In bytes; never negative.
    public var size: Int64
    public var annotations: [String: String]
    /// The platform of an image in an index.
    public var platform: Platform?

    public init(
        mediaType: MediaType,
        digest: Digest,
        size: Int64,
        annotations: [String: String] = [:],
        platform: Platform? = nil
    ) {
        self.mediaType = mediaType
        self.digest = digest
        self.size = size
        self.annotations = annotations
        self.platform = platform
    }
}

extension ContentDescriptor: Codable {
    private enum CodingKeys: String, CodingKey {
        case mediaType
        case digest
        case size
        case annotations
        case platform
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        mediaType = try container.decode(MediaType.self, forKey: .mediaType)
        digest = try container.decode(Digest.self, forKey: .digest)
        size = try container.decode(Int64.self, forKey: .size)
        guard size >= 0 else {
            throw DecodingError.dataCorruptedError(
                forKey: .size,
                in: container,
                debugDescription: "must not be negative"
            )
        }
        annotations =
            try container.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:]
        platform = try container.decodeIfPresent(Platform.self, forKey: .platform)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(mediaType, forKey: .mediaType)
        try container.encode(digest, forKey: .digest)
        try container.encode(size, forKey: .size)
        if !annotations.isEmpty { try container.encode(annotations, forKey: .annotations) }
        try container.encodeIfPresent(platform, forKey: .platform)
    }
}

/// The annotations that the image store uses.
///
/// Source: OCI Image Specification, annotations.md.
public enum AnnotationKey {
    /// The reference of an image in a layout's index.
    public static let referenceName = "org.opencontainers.image.ref.name"
    /// The full name, beside the tag, in archives of containerd and Docker.
    public static let containerdImageName = "io.containerd.image.name"
    /// The size in bytes of the uncompressed archive of a layer that was made here.
    public static let uncompressedSize = "io.swiftcompose.uncompressed-size"
    /// The kind of an attestation manifest, which is not an image.
    public static let dockerReferenceType = "vnd.docker.reference.type"
}
