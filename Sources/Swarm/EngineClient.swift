import AsyncHTTPClient
import ComposeFile
import NIOCore
import NIOHTTP1
import NIOSSL
import SystemPackage

/// Sends requests to the API of a Docker Engine.
///
/// Requests have no version in their paths, so that the engine answers in its own.
public struct EngineClient: Sendable {
    private let client: HTTPClient
    private let base: String
    let host: EngineHost
    /// The largest answer that is accepted, in bytes.
    private static let limit = 256 * 1_024 * 1_024

    /// Calls `body` with a client, which is closed afterwards.
    public static func with<Result: Sendable>(
        _ host: EngineHost,
        _ body: (EngineClient) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: .seconds(120))
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.tlsConfiguration = try host.certificates.map(tls)
        let client = EngineClient(
            client: HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration),
            base: try host.baseURL,
            host: host
        )
        do {
            let result = try await body(client)
            try await client.client.shutdown()
            return result
        } catch {
            // The first error is the one to report.
            try? await client.client.shutdown()
            throw error
        }
    }

    private static func tls(_ directory: FilePath) throws(EngineError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        let file = { (name: String) in directory.appending(name).string }
        do {
            configuration.trustRoots = .certificates(
                try NIOSSLCertificate.fromPEMFile(file("ca.pem"))
            )
            configuration.certificateChain =
                try NIOSSLCertificate
                .fromPEMFile(file("cert.pem")).map { .certificate($0) }
            configuration.privateKey = .privateKey(
                try NIOSSLPrivateKey(file: file("key.pem"), format: .pem)
            )
        } catch {
            throw .certificate(directory.string, reason: "\(error)")
        }
        return configuration
    }

    func get(
        _ path: String,
        authorization: String? = nil
    ) async throws(EngineError) -> Value {
        try await send(.GET, path, nil, authorization)
    }

    func post(
        _ path: String,
        _ body: Value,
        authorization: String? = nil
    ) async throws(EngineError) -> Value {
        try await send(.POST, path, body, authorization)
    }

    func delete(_ path: String) async throws(EngineError) {
        _ = try await send(.DELETE, path)
    }

    /// A query that selects the objects with the label of a stack.
    static func filter(stack name: String) -> String {
        let filters = "{\"label\":[\"com.docker.stack.namespace=\(name)\"]}"
        return "filters=\(EngineHost.escaped(filters))"
    }

    private func send(
        _ method: HTTPMethod,
        _ path: String,
        _ body: Value? = nil,
        _ authorization: String? = nil
    ) async throws(EngineError) -> Value {
        var request = HTTPClientRequest(url: base + path)
        request.method = method
        // The engine requires one, and a socket's path is not a valid one.
        if base.hasPrefix("http+unix:") { request.headers.add(name: "Host", value: "docker") }
        if let authorization { request.headers.add(name: "X-Registry-Auth", value: authorization) }
        if let body {
            request.headers.add(name: "Content-Type", value: "application/json")
            request.body = .bytes(ByteBuffer(string: body.json))
        }
        let title = "\(method) \(path.prefix { $0 != "?" })"
        let status: Int
        let text: String
        do {
            let response = try await client.execute(request, timeout: .seconds(300))
            status = Int(response.status.code)
            text = String(buffer: try await response.body.collect(upTo: Self.limit))
        } catch {
            throw .unreachable(host: host.address, reason: "\(error)")
        }
        let answer = Value(parsingJSON: text)
        guard (200..<300).contains(status) else {
            let message = answer?["message"]?.text ?? String(text.prefix(200))
            if status == 503 || message.contains("not a swarm manager") {
                throw .notManager(host: host.address, message: message)
            }
            throw .refused(title, status: status, message: message)
        }
        if text.isEmpty { return .null }
        guard let answer else { throw .invalidAnswer(title) }
        return answer
    }
}
