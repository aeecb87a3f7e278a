/// The format of content in registries and layouts.
///
/// Source: OCI Image Specification, media-types.md; Docker Image Manifest V2, Schema 2.
public struct MediaType: RawRepresentable, Hashable, Sendable, Codable {
    public let rawValue: String

    public init(rawValue: String) { self.rawValue = rawValue }

    public static let index = MediaType(rawValue: "application/vnd.oci.image.index.v1+json")
    public static let manifest = MediaType(rawValue: "application/vnd.oci.image.manifest.v1+json")
    public static let configuration = MediaType(
        rawValue: "application/vnd.oci.image.config.v1+json"
    )
    public static let layer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar")
    public static let gzipLayer = MediaType(rawValue: "application/vnd.oci.image.layer.v1.tar+gzip")
    public static let dockerIndex = MediaType(
        rawValue: "application/vnd.docker.distribution.manifest.list.v2+json"
    )
    public static let dockerManifest = MediaType(
        rawValue: "application/vnd.docker.distribution.manifest.v2+json"
    )

    /// Whether this is the type of a list of manifests.
    public var isIndex: Bool { self == .index || self == .dockerIndex }

    /// Whether this is the type of an image manifest.
    public var isManifest: Bool { self == .manifest || self == .dockerManifest }
}
