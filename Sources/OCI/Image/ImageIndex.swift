/// A list of manifests: an image for several platforms, or the content of a layout.
///
/// Source: OCI Image Specification, image-index.md.
public struct ImageIndex: Sendable, Equatable, JSONDocument {
    public static let kind = "image index"

    public var mediaType: MediaType
    public var manifests: [ContentDescriptor]
    public var annotations: [String: String]

    public init(
        mediaType: MediaType = .index,
        manifests: [ContentDescriptor] = [],
        annotations: [String: String] = [:]
    ) {
        self.mediaType = mediaType
        self.manifests = manifests
        self.annotations = annotations
    }

    /// The manifest for `platform`, preferring the exact variant to an accepted one.
    public func manifest(for platform: Platform) -> ContentDescriptor? {
        let images = manifests.filter { $0.annotations[AnnotationKey.dockerReferenceType] == nil }
        let accepted = images.filter { $0.platform.map(platform.accepts) ?? false }
        return accepted.first { $0.platform?.normalised.variant == platform.normalised.variant }
            ?? accepted.first ?? images.first { images.count == 1 && $0.platform == nil }
    }
}

extension ImageIndex {
    private enum CodingKeys: String, CodingKey {
        case schemaVersion
        case mediaType
        case manifests
        case annotations
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try requireSchemaVersion2(in: container, key: .schemaVersion)
        mediaType = try container.decodeIfPresent(MediaType.self, forKey: .mediaType) ?? .index
        manifests =
            try container.decodeIfPresent([ContentDescriptor].self, forKey: .manifests) ?? []
        annotations =
            try container.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:]
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(2, forKey: .schemaVersion)
        try container.encode(mediaType, forKey: .mediaType)
        try container.encode(manifests, forKey: .manifests)
        if !annotations.isEmpty { try container.encode(annotations, forKey: .annotations) }
    }
}

/// Rejects manifests of Docker's schema 1, in which the same fields have other meanings.
func requireSchemaVersion2<Key: CodingKey>(
    in container: KeyedDecodingContainer<Key>,
    key: Key
) throws {
    let version = try container.decode(Int.self, forKey: key)
    guard version == 2 else {
        throw DecodingError.dataCorruptedError(
            forKey: key,
            in: container,
            debugDescription: "schema version \(version) is not supported; only 2 is"
        )
    }
}
