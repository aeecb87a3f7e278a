import AsyncHTTPClient
public import ImageStore
import NIOCore
import NIOHTTP1
public import OCI
public import SystemPackage

/// How far the transfer of an image has come.
public enum TransferEvent: Sendable, Equatable {
    public enum LayerState: Sendable, Equatable {
        /// The other side has it already.
        case present
        /// So many of all its bytes are through.
        case moving(Int64, of: Int64)
        case done
    }

    /// The manifest is known.
    case manifest(Digest)
    case layer(Digest, LayerState)
}

/// Pulls images from registries and pushes them there.
///
/// A registry is not trusted: everything is verified by digest, sizes are bounded, and a login is
/// shown to nobody but the registry itself and the token server that it names, and never in the
/// open, except to this machine.
/// Source: OCI Distribution Specification v1.1.
public struct Registry: Sendable {
    private let credentials: Credentials
    private let certificates: HostCertificates
    private let environment: [String: String]
    private let clock: any Clock<Duration>

    /// `certificates` is docker's `certs.d`; of `environment` the variables for proxies are used.
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

    /// Brings an image into the store and names it; what the store has is not fetched again.
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

    /// Sends an image of the store to the registry that `reference` names; returns the digest of
    /// the manifest there. Layers are compressed on their way.
    public func push(
        _ image: Image,
        as reference: ImageReference,
        from store: ImageStore,
        progress: @escaping @Sendable (TransferEvent) -> Void = { _ in }
    ) async throws(RegistryError) -> Digest {
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

    /// What the registry has under `reference` now, without bringing it here.
    public func digest(of reference: ImageReference) async throws(RegistryError) -> Digest {
        try await withSession(for: reference, actions: "pull") { session throws(RegistryError) in
            try await ManifestRequest(session: session, reference: reference).fetch().digest
        }
    }

    private func withSession<Result: Sendable>(
        for reference: ImageReference,
        actions: String,
        _ body: (Session) async throws(RegistryError) -> Result
    ) async throws(RegistryError) -> Result {
        let endpoint = RegistryEndpoint(
            reference.domain,
            hasCertificates: certificates.exist(for: reference.domain)
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
                scope: "repository:\(reference.path):\(actions)"
            ),
            certificates: certificates,
            clock: clock,
            subject: reference.familiar
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
            // Redirects are followed by the session, which knows what to leave behind.
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(20), read: .seconds(60))
        )
        // We ask again ourselves, and tell a host that does not exist at once.
        configuration.connectionPool.retryConnectionEstablishment = false
        if let proxy = ProxyChoice(environment: environment).proxy(for: endpoint) {
            configuration.proxy = .server(host: proxy.host, port: proxy.port)
        }
        return configuration
    }

    private static func close(_ client: HTTPClient) async {
        // Nothing is under way any more; a connection that does not close by itself is no fault.
        try? await client.shutdown()
    }
}
