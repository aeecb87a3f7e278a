/// An image: its configuration and its layers, lowest first.
///
/// Source: OCI Image Specification, manifest.md.
public struct ImageManifest: Sendable, Equatable, JSONDocument {
    public static let kind = "image manifest"

    public var mediaType: MediaType
    public var config: ContentDescriptor
    public var layers: [ContentDescriptor]
    public var annotations: [String: String]

    public init(
        mediaType: MediaType = .manifest,
        config: ContentDescriptor,
        layers: [ContentDescriptor],
        annotations: [String: String] = [:]
    ) {
        self.mediaType = mediaType
        self.config = config
        self.layers = layers
        self.annotations = annotations
    }
}

extension ImageManifest {
    private enum CodingKeys: String, CodingKey {
        case schemaVersion
        case mediaType
        case config
        case layers
        case annotations
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try requireSchemaVersion2(in: container, key: .schemaVersion)
        mediaType = try container.decodeIfPresent(MediaType.self, forKey: .mediaType) ?? .manifest
        config = try container.decode(ContentDescriptor.self, forKey: .config)
        layers = try container.decodeIfPresent([ContentDescriptor].self, forKey: .layers) ?? []
        annotations =
            try container.decodeIfPresent([String: String].self, forKey: .annotations) ?? [:]
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(2, forKey: .schemaVersion)
        try container.encode(mediaType, forKey: .mediaType)
        try container.encode(config, forKey: .config)
        try container.encode(layers, forKey: .layers)
        if !annotations.isEmpty { try container.encode(annotations, forKey: .annotations) }
    }
}
