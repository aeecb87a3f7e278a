import AsyncHTTPClient
import ImageStore
import NIOCore
import NIOHTTP1
import OCI

/// A session with a registry for one repository.
///
/// It authenticates when challenged, follows redirects without forwarding credentials, and retries
/// after transient errors.
struct Session: Sendable {
    /// A request without credentials.
    struct Request: Sendable {
        var method: HTTPMethod = .GET
        var url: String
        var headers: [(name: String, value: String)] = []
        var body: (@Sendable () throws -> HTTPClientRequest.Body)?
    }

    let client: HTTPClient
    let endpoint: RegistryEndpoint
    let authority: TokenAuthority
    let certificates: HostCertificates
    let clock: any Clock<Duration>
    /// The image, for messages.
    let subject: String

    /// The maximum number of attempts of a request.
    static let attempts = 5
    /// The maximum size of a document in bytes.
    static let documentLimit = 8 << 20

    /// Sends `request` and returns the response; retries transient errors after increasing delays.
    func send(_ request: Request) async throws(RegistryError) -> HTTPClientResponse {
        for failures in 1..<Self.attempts {
            do throws(RegistryError) {
                return try await attempt(request)
            } catch {
                guard error.isTransient else { throw error }
            }
            try await pause(afterFailures: failures)
        }
        return try await attempt(request)
    }

    /// Sends `request` once, authenticating if challenged.
    func attempt(_ request: Request) async throws(RegistryError) -> HTTPClientResponse {
        let response = try await authorized(request)
        guard !Self.isTransient(response.status) else {
            let text = await errorText(response)
            throw RegistryError(status: response.status, text, in: subject)
        }
        return response
    }

    /// Waits a quarter of a second after the first failure, and twice as long after each further
    /// one.
    func pause(afterFailures failures: Int) async throws(RegistryError) {
        let pause = Duration.milliseconds(250 << min(failures - 1, 6))
        do {
            // Clients that failed together should not retry together.
            try await clock.sleep(for: pause * Double.random(in: 0.5...1.5))
        } catch {
            throw RegistryError(.cancelled, in: subject)
        }
    }

    /// Reads a response of limited size.
    func document(of response: HTTPClientResponse) async throws(RegistryError) -> [UInt8] {
        do {
            let body = try await response.body.collect(upTo: Self.documentLimit)
            return Array(body.readableBytesView)
        } catch is NIOTooManyBytesError {
            let fault = "a document larger than \(Self.documentLimit) bytes"
            throw RegistryError(.hostile(fault), in: subject)
        } catch {
            throw RegistryError(transport: error, in: subject)
        }
    }

    /// Throws unless the response has one of `statuses`.
    func requireSuccess(
        _ response: HTTPClientResponse,
        _ statuses: [Int]
    ) async throws(RegistryError) {
        guard !statuses.contains(Int(response.status.code)) else { return }
        let text = await errorText(response)
        throw RegistryError(status: response.status, text, in: subject)
    }

    private func authorized(_ request: Request) async throws(RegistryError) -> HTTPClientResponse {
        let header = await authority.header()
        let response = try await followed(request, authorization: header)
        guard response.status == .unauthorized else { return response }
        let challenges = response.headers["www-authenticate"].compactMap { Challenge($0) }
        guard let challenge = challenges.first else {
            throw RegistryError(.unauthorized(hasCredentials: header != nil), in: subject)
        }
        let fresh = try await authority.header(
            answering: challenge,
            insteadOf: header,
            session: self
        )
        let second = try await followed(request, authorization: fresh)
        guard second.status != .unauthorized else {
            let hasCredentials = try await authority.hasLogin()
            throw RegistryError(.unauthorized(hasCredentials: hasCredentials), in: subject)
        }
        return second
    }

    /// Follows at most five redirects; `authorization` is sent only to the registry itself.
    private func followed(
        _ request: Request,
        authorization: String?
    ) async throws(RegistryError) -> HTTPClientResponse {
        var url = request.url
        guard let home = Origin(url) else {
            throw RegistryError(.hostile("the URL '\(url)'"), in: subject)
        }
        for _ in 0...5 {
            let isHome = Origin(url) == home
            let response = try await once(
                request,
                url: url,
                authorization: isHome ? authorization : nil
            )
            guard [301, 302, 303, 307, 308].contains(Int(response.status.code)),
                request.method == .GET || request.method == .HEAD
            else { return response }
            guard let location = response.headers.first(name: "location"),
                let next = Origin.resolve(location, at: url), let origin = Origin(next)
            else {
                throw RegistryError(.hostile("an invalid redirect"), in: subject)
            }
            // A secure registry must not redirect to an unencrypted URL.
            guard origin.isSecure || !home.isSecure else {
                let fault = "a redirect to \(origin.authority) without encryption"
                throw RegistryError(.hostile(fault), in: subject)
            }
            url = next
        }
        throw RegistryError(.hostile("too many redirects"), in: subject)
    }

    /// Sends one request without following redirects.
    func once(
        _ request: Request,
        url: String,
        authorization: String?
    ) async throws(RegistryError) -> HTTPClientResponse {
        var message = HTTPClientRequest(url: url)
        message.method = request.method
        message.headers.add(name: "user-agent", value: "swiftcompose")
        for (name, value) in request.headers { message.headers.add(name: name, value: value) }
        if let authorization {
            message.headers.add(name: "authorization", value: authorization)
        }
        if let origin = Origin(url) {
            message.tlsConfiguration = try certificates.configuration(for: origin.authority)
        }
        do {
            message.body = try request.body?()
            // Layers may take any time; an idle connection times out.
            return try await client.execute(message, deadline: .distantFuture)
        } catch {
            throw RegistryError(transport: error, in: subject)
        }
    }

    private static func isTransient(_ status: HTTPResponseStatus) -> Bool {
        [408, 429, 500, 502, 503, 504].contains(status.code)
    }

    /// The message in the body of an error response.
    private func errorText(_ response: HTTPClientResponse) async -> String {
        // The text is optional.
        guard let body = try? await response.body.collect(upTo: 64 << 10) else { return "" }
        return ErrorDocument.text(Array(body.readableBytesView))
    }
}
