/// The build step of an image layer. Source: OCI Image Specification, config.md, `history`.
public struct History: Sendable, Equatable {
    public var created: Timestamp?
    public var createdBy: String?
    public var author: String?
    public var comment: String?
    /// Whether the step created no layer.
    public var emptyLayer: Bool

    public init(
        created: Timestamp? = nil,
        createdBy: String? = nil,
        author: String? = nil,
        comment: String? = nil,
        emptyLayer: Bool = false
    ) {
        self.created = created
        self.createdBy = createdBy
        self.author = author
        self.comment = comment
        self.emptyLayer = emptyLayer
    }
}

extension History: Codable {
    private enum CodingKeys: String, CodingKey {
        case created
        case createdBy = "created_by"
        case author
        case comment
        case emptyLayer = "empty_layer"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        created = try container.decodeIfPresent(String.self, forKey: .created).nonEmpty
            .map { text throws(OCIError) in try Timestamp(text) }
        createdBy = try container.decodeIfPresent(String.self, forKey: .createdBy).nonEmpty
        author = try container.decodeIfPresent(String.self, forKey: .author).nonEmpty
        comment = try container.decodeIfPresent(String.self, forKey: .comment).nonEmpty
        emptyLayer = try container.decodeIfPresent(Bool.self, forKey: .emptyLayer) ?? false
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(created, forKey: .created)
        try container.encodeIfPresent(createdBy, forKey: .createdBy)
        try container.encodeIfPresent(author, forKey: .author)
        try container.encodeIfPresent(comment, forKey: .comment)
        if emptyLayer { try container.encode(true, forKey: .emptyLayer) }
    }
}
