import AsyncHTTPClient
public import ImageStore
import NIOCore
import NIOHTTP1
public import OCI
public import SystemPackage

/// The progress of an image transfer.
public enum TransferEvent: Sendable, Equatable {
    public enum LayerState: Sendable, Equatable {
        /// The layer exists at the destination.
        case present
        /// The number of bytes transferred so far, and in total.
        case moving(Int64, of: Int64)
        case done
    }

    /// The manifest was received; `layers` are those of the image, lowest first.
    case manifest(Digest, layers: [Digest])
    case layer(Digest, LayerState)
}

/// Pulls images from and pushes images to registries.
///
/// Registries are not trusted: all content is verified by digest, sizes are limited, and
/// credentials are sent only to the registry and its token server, and never unencrypted, except to
/// localhost. Source: OCI Distribution Specification v1.1.
public struct Registry: Sendable {
    private let credentials: Credentials
    private let certificates: HostCertificates
    private let environment: [String: String]
    private let clock: any Clock<Duration>

    /// `certificates` is docker's `certs.d`; the proxy variables of `environment` apply.
    public init(
        credentials: Credentials,
        certificates: FilePath = "/etc/docker/certs.d",
        environment: [String: String] = [:],
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.credentials = credentials
        self.certificates = HostCertificates(directory: certificates)
        self.environment = environment
        self.clock = clock
    }

    /// Pulls an image to the store and tags it; existing content is not downloaded again.
    public func pull(
        _ reference: ImageReference,
        into store: ImageStore,
        platform: Platform = .host,
        progress: @escaping @Sendable (TransferEvent) -> Void = { _ in }
    ) async throws(RegistryError) -> Image {
        try await withSession(for: reference, actions: "pull") { session throws(RegistryError) in
            let pull = Pull(
                session: session,
                reference: reference,
                store: store,
                platform: platform,
                progress: progress
            )
            return try await pull.run()
        }
    }

    /// Pushes an image to the registry of `reference`, compressing its layers; returns the
    /// descriptor of the pushed manifest.
    public func push(
        _ image: Image,
        as reference: ImageReference,
        from store: ImageStore,
        progress: @escaping @Sendable (TransferEvent) -> Void = { _ in }
    ) async throws(RegistryError) -> ContentDescriptor {
        try await withSession(for: reference, actions: "pull,push") {
            session throws(RegistryError) in
            let push = Push(
                session: session,
                reference: reference,
                store: store,
                image: image,
                progress: progress
            )
            return try await push.run()
        }
    }

    /// The digest of `reference` in the registry.
    public func digest(of reference: ImageReference) async throws(RegistryError) -> Digest {
        try await withSession(for: reference, actions: "pull") { session throws(RegistryError) in
            try await ManifestRequest(session: session, reference: reference).fetch().digest
        }
    }

    func withSession<Result: Sendable>(
        for reference: ImageReference,
        actions: String,
        _ body: (Session) async throws(RegistryError) -> Result
    ) async throws(RegistryError) -> Result {
        try await withSession(
            at: reference.domain,
            scope: "repository:\(reference.path):\(actions)",
            subject: reference.familiar,
            body
        )
    }

    /// Runs `body` with a session whose tokens have `scope`; `subject` is its name in messages.
    func withSession<Result: Sendable>(
        at domain: String,
        scope: String,
        subject: String,
        _ body: (Session) async throws(RegistryError) -> Result
    ) async throws(RegistryError) -> Result {
        let endpoint = RegistryEndpoint(
            domain,
            hasCertificates: certificates.exist(for: domain)
        )
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: configuration(for: endpoint)
        )
        let session = Session(
            client: client,
            endpoint: endpoint,
            authority: TokenAuthority(
                endpoint: endpoint,
                credentials: credentials,
                scope: scope
            ),
            certificates: certificates,
            clock: clock,
            subject: subject
        )
        do throws(RegistryError) {
            let result = try await body(session)
            await Self.close(client)
            return result
        } catch {
            await Self.close(client)
            throw error
        }
    }

    private func configuration(for endpoint: RegistryEndpoint) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            // The session follows redirects, because it must not forward credentials.
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(20), read: .seconds(60))
        )
        // The session retries, and reports an unknown host immediately.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let proxy = ProxyChoice(environment: environment).proxy(for: endpoint) {
            configuration.proxy = .server(host: proxy.host, port: proxy.port)
        }
        return configuration
    }

    private static func close(_ client: HTTPClient) async {
        // No request is pending; a connection that does not close is not an error.
        try? await client.shutdown()
    }
}
