import AsyncHTTPClient
import FoundationEssentials
import ImageStore
import NIOHTTP1
import OCI

/// Requests a manifest or index by tag or digest.
struct ManifestRequest {
    var session: Session
    var reference: ImageReference

    /// A document with its media type and digest.
    struct Document: Sendable {
        var bytes: [UInt8]
        var mediaType: MediaType
        var digest: Digest
    }

    private static let accepted: [MediaType] = [
        .manifest, .dockerManifest, .index, .dockerIndex,
    ]

    /// Fetches the document; verifies it if requested by digest.
    func fetch(_ expected: ContentDescriptor? = nil) async throws(RegistryError) -> Document {
        let wanted = expected?.digest ?? reference.digest
        let name = wanted.map { "\($0)" } ?? reference.tag ?? "latest"
        let request = Session.Request(
            url: session.endpoint.url("\(reference.path)/manifests/\(name)"),
            headers: Self.accepted.map { ("accept", $0.rawValue) }
        )
        let response = try await session.send(request)
        try await session.requireSuccess(response, [200])
        let bytes = try await session.document(of: response)
        let digest = Digest.sha256(of: bytes)
        let announced = response.headers.first(name: "docker-content-digest")
        if let wanted, wanted != digest {
            throw RegistryError(.hostile("requested \(wanted), received \(digest)"), in: subject)
        }
        if let announced, announced.hasPrefix("sha256:"), announced != "\(digest)" {
            throw RegistryError(.hostile("announced \(announced), sent \(digest)"), in: subject)
        }
        let header = response.headers.first(name: "content-type") ?? ""
        let type = try mediaType(of: bytes, header: header)
        return Document(bytes: bytes, mediaType: type, digest: digest)
    }

    private var subject: String { reference.familiar }

    private struct Shape: Decodable {
        struct Anything: Decodable {}

        var mediaType: String?
        var manifests: [Anything]?
        var config: Anything?
        var layers: [Anything]?
    }

    /// The document's media type, which must be unambiguous: otherwise tools would see different
    /// images under one digest.
    private func mediaType(of bytes: [UInt8], header: String) throws(RegistryError) -> MediaType {
        let shape: Shape
        do {
            shape = try JSONDecoder().decode(Shape.self, from: Data(bytes))
        } catch {
            throw RegistryError(.hostile("a manifest that is not valid JSON"), in: subject)
        }
        if shape.manifests != nil, shape.config != nil || shape.layers != nil {
            throw RegistryError(.hostile("a manifest that is also an index"), in: subject)
        }
        let word = header.prefix { $0 != ";" && $0 != " " }.lowercased()
        let type = MediaType(rawValue: shape.mediaType ?? word)
        guard type.isIndex || type.isManifest, type.isIndex == (shape.manifests != nil) else {
            let fault = "unsupported manifest type '\(type.rawValue)'"
            throw RegistryError(.hostile(fault), in: subject)
        }
        return type
    }
}
