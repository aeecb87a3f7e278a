import FoundationEssentials
import ImageStore
public import OCI

/// An image in a registry.
public struct RemoteImage: Sendable, Equatable {
    /// The manifest, or the index of the manifests of several platforms.
    public var descriptor: ContentDescriptor
    public var platforms: [Platform]
}

/// An image that a registry's search has found.
public struct FoundImage: Sendable, Equatable, Decodable {
    public var name: String
    public var description: String?
    public var stars: Int
    public var isOfficial: Bool

    private enum CodingKeys: String, CodingKey {
        case name, description
        case stars = "star_count"
        case isOfficial = "is_official"
    }
}

extension Registry {
    /// Checks that the registry accepts the credentials; throws `unauthorized` if it does not.
    public func checkLogin(at domain: String) async throws(RegistryError) {
        try await withSession(at: domain, scope: "", subject: domain) {
            session throws(RegistryError) in
            let response = try await session.send(Session.Request(url: session.endpoint.url("")))
            try await session.requireSuccess(response, [200])
        }
    }

    /// The manifest of `reference` in the registry and its platforms.
    public func describe(
        _ reference: ImageReference
    ) async throws(RegistryError) -> RemoteImage {
        try await withSession(for: reference, actions: "pull") { session throws(RegistryError) in
            let top = try await ManifestRequest(session: session, reference: reference).fetch()
            let descriptor = ContentDescriptor(
                mediaType: top.mediaType,
                digest: top.digest,
                size: Int64(top.bytes.count)
            )
            let name = reference.familiar
            do {
                if top.mediaType.isIndex {
                    let index = try ImageIndex(json: top.bytes, name: name)
                    let platforms = index.manifests.compactMap(\.platform)
                    return RemoteImage(descriptor: descriptor, platforms: platforms)
                }
                let manifest = try ImageManifest(json: top.bytes, name: name)
                let bytes = try await Self.document(manifest.config, of: reference, session)
                let configuration = try ImageConfiguration(json: bytes, name: name)
                return RemoteImage(descriptor: descriptor, platforms: [configuration.platform])
            } catch let error as OCIError {
                throw RegistryError(.document(error), in: name)
            } catch {
                throw RegistryError(transport: error, in: name)
            }
        }
    }

    /// The references of all tags of the repository of `reference`.
    ///
    /// Source: OCI Distribution Specification v1.1, "Listing Tags".
    public func tags(
        of reference: ImageReference
    ) async throws(RegistryError) -> [ImageReference] {
        try await withSession(for: reference, actions: "pull") { session throws(RegistryError) in
            let url = session.endpoint.url("\(reference.path)/tags/list")
            let response = try await session.send(Session.Request(url: url))
            try await session.requireSuccess(response, [200])
            let bytes = try await session.document(of: response)
            do {
                let tags = try JSONDecoder().decode(TagList.self, from: Data(bytes)).tags ?? []
                return try tags.map { try reference.with(tag: $0) }
            } catch {
                throw RegistryError(.hostile("an invalid list of tags"), in: reference.familiar)
            }
        }
    }

    private struct TagList: Decodable {
        var tags: [String]?
    }

    private static func document(
        _ descriptor: ContentDescriptor,
        of reference: ImageReference,
        _ session: Session
    ) async throws(RegistryError) -> [UInt8] {
        let url = session.endpoint.url("\(reference.path)/blobs/\(descriptor.digest)")
        let response = try await session.send(Session.Request(url: url))
        try await session.requireSuccess(response, [200])
        let bytes = try await session.document(of: response)
        let digest = Digest.sha256(of: bytes)
        guard digest == descriptor.digest else {
            let fault = "requested \(descriptor.digest), received \(digest)"
            throw RegistryError(.hostile(fault), in: reference.familiar)
        }
        return bytes
    }

    private struct SearchAnswer: Decodable {
        var results: [FoundImage]
    }

    /// Searches the registry `domain` for images whose names or descriptions contain `term`.
    ///
    /// Source: Docker Registry HTTP API V1, "Search", which Docker Hub still serves.
    public func search(
        for term: String,
        at domain: String,
        limit: Int
    ) async throws(RegistryError) -> [FoundImage] {
        try await withSession(at: domain, scope: "", subject: domain) {
            session throws(RegistryError) in
            let endpoint = session.endpoint
            let host = domain == "docker.io" ? "index.docker.io" : endpoint.authority
            let query = "q=\(term.percentEncoded)&n=\(limit)"
            let url = "\(endpoint.scheme)://\(host)/v1/search?\(query)"
            let response = try await session.attempt(Session.Request(url: url))
            try await session.requireSuccess(response, [200])
            let bytes = try await session.document(of: response)
            do {
                return try JSONDecoder().decode(SearchAnswer.self, from: Data(bytes)).results
            } catch {
                throw RegistryError(.hostile("a search result that is not JSON"), in: domain)
            }
        }
    }
}
