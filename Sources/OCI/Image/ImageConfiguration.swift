/// The configuration of an image: its layers and default settings.
///
/// Source: OCI Image Specification, config.md; Docker Image Specification v1.3 for `Healthcheck`,
/// `OnBuild` and `Shell`.
public struct ImageConfiguration: Sendable, Equatable, JSONDocument {
    public static let kind = "image configuration"

    public var created: Timestamp?
    public var author: String?
    /// The platform of the image.
    public var platform: Platform
    public var config: Config
    /// The digest of each layer's uncompressed archive, lowest first.
    public var diffIDs: [Digest]
    public var history: [History]

    public init(
        created: Timestamp? = nil,
        author: String? = nil,
        platform: Platform = .host,
        config: Config = Config(),
        diffIDs: [Digest] = [],
        history: [History] = []
    ) {
        self.created = created
        self.author = author
        self.platform = platform
        self.config = config
        self.diffIDs = diffIDs
        self.history = history
    }
}

extension ImageConfiguration {
    private enum CodingKeys: String, CodingKey {
        case created
        case author
        case config
        case rootfs
        case history
    }

    private struct RootFilesystem: Codable {
        var type: String
        var diffIDs: [Digest]?

        enum CodingKeys: String, CodingKey {
            case type
            case diffIDs = "diff_ids"
        }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        created = try container.decodeIfPresent(String.self, forKey: .created).nonEmpty
            .map { text throws(OCIError) in try Timestamp(text) }
        author = try container.decodeIfPresent(String.self, forKey: .author).nonEmpty
        platform = try Platform(from: decoder)
        config = try container.decodeIfPresent(Config.self, forKey: .config) ?? Config()
        diffIDs = try container.decode(RootFilesystem.self, forKey: .rootfs).diffIDs ?? []
        history = try container.decodeIfPresent([History].self, forKey: .history) ?? []
    }

    public func encode(to encoder: any Encoder) throws {
        try platform.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(created, forKey: .created)
        try container.encodeIfPresent(author, forKey: .author)
        try container.encode(config, forKey: .config)
        try container.encode(RootFilesystem(type: "layers", diffIDs: diffIDs), forKey: .rootfs)
        if !history.isEmpty { try container.encode(history, forKey: .history) }
    }
}
