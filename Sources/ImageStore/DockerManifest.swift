import OCI

/// An image in the `manifest.json` of `docker save`.
///
/// Source: Docker Image Specification v1.3, "Combined Image JSON + Filesystem Changeset Format".
struct DockerManifestEntry: Codable, Equatable {
    /// The path of the configuration in the archive.
    var config: String
    var repoTags: [String]?
    /// The paths of the layers in the archive, lowest first.
    var layers: [String]

    private enum CodingKeys: String, CodingKey {
        case config = "Config"
        case repoTags = "RepoTags"
        case layers = "Layers"
    }

    /// The image's names, without invalid references.
    var references: [ImageReference] { (repoTags ?? []).compactMap { try? ImageReference($0) } }

    func isConfigured(by id: Digest) -> Bool {
        config == "blobs/sha256/\(id.hex)" || config == "\(id.hex).json"
    }
}

/// The `manifest.json` of `docker save`.
struct DockerManifest: JSONDocument {
    static let kind = "docker manifest"

    var entries: [DockerManifestEntry]

    init(entries: [DockerManifestEntry]) { self.entries = entries }

    init(from decoder: any Decoder) throws {
        entries = try decoder.singleValueContainer().decode([DockerManifestEntry].self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(entries)
    }
}
