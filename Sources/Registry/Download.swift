import AsyncHTTPClient
public import Linux
import NIOCore
import NIOHTTP1
public import SystemPackage

/// Downloads files by HTTP without authentication.
///
/// Redirects are followed, except from an encrypted to an unencrypted URL.
public struct Download: Sendable {
    private let environment: [String: String]

    /// The proxy variables of `environment` apply.
    public init(environment: [String: String] = [:]) { self.environment = environment }

    /// Downloads `url` to the new file `path`; returns the last modification time since the epoch,
    /// if known.
    public func fetch(_ url: String, to path: FilePath) async throws(DownloadError) -> Duration? {
        guard let home = Origin(url) else { throw DownloadError(.invalidURL, of: url) }
        var place = url
        for _ in 0...10 {
            switch try await attempt(place, of: url, to: path) {
            case .done(let modified): return modified
            case .redirect(let location):
                guard let next = Origin.resolve(location, at: place), let origin = Origin(next)
                else { throw DownloadError(.badRedirect(location), of: url) }
                guard origin.isSecure || !home.isSecure else {
                    throw DownloadError(.insecureRedirect(next), of: url)
                }
                place = next
            }
        }
        throw DownloadError(.badRedirect("too many redirects"), of: url)
    }

    private enum Step: Sendable {
        case done(modified: Duration?)
        case redirect(String)
    }

    private func attempt(
        _ place: String,
        of url: String,
        to path: FilePath
    ) async throws(DownloadError) -> Step {
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: configuration(for: place)
        )
        let outcome: Result<Step, any Error>
        do {
            outcome = .success(try await attempt(place, to: path, client))
        } catch {
            outcome = .failure(error)
        }
        // No request is pending; a connection that does not close is not an error.
        try? await client.shutdown()
        do {
            return try outcome.get()
        } catch let problem as DownloadError.Problem {
            throw DownloadError(problem, of: url)
        } catch let error as SystemCallError {
            throw DownloadError(.system(error), of: url)
        } catch {
            throw DownloadError(.unreachable("\(error)"), of: url)
        }
    }

    private func attempt(
        _ place: String,
        to path: FilePath,
        _ client: HTTPClient
    ) async throws -> Step {
        var message = HTTPClientRequest(url: place)
        message.headers.add(name: "user-agent", value: "swiftcompose")
        // A large file may take any time; an idle connection times out.
        let response = try await client.execute(message, deadline: .distantFuture)
        if [301, 302, 303, 307, 308].contains(response.status.code),
            let location = response.headers.first(name: "location")
        {
            return .redirect(location)
        }
        guard response.status == .ok else {
            throw DownloadError.Problem.status(Int(response.status.code))
        }
        try await receive(response.body, into: path)
        return .done(
            modified: response.headers.first(name: "last-modified").flatMap(HTTPDate.duration)
        )
    }

    private func receive(_ body: HTTPClientResponse.Body, into path: FilePath) async throws {
        let file = try Descriptor.open(path, [.writing, .creating, .exclusive], mode: 0o600)
        let number = file.number
        var piece: [UInt8] = []
        for try await buffer in body {
            piece += buffer.readableBytesView
            guard piece.count >= 1 << 20 else { continue }
            let full = piece
            piece = []
            try await BackgroundThread.run { try Descriptor.write(full, to: number) }
        }
        try file.write(piece)
    }

    private func configuration(for place: String) -> HTTPClient.Configuration {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: HTTPClient.Configuration.Timeout(connect: .seconds(20), read: .seconds(60))
        )
        configuration.connectionPool.retryConnectionEstablishment = false
        let proxies = ProxyChoice(environment: environment)
        if let origin = Origin(place), let proxy = proxies.proxy(for: origin) {
            configuration.proxy = .server(host: proxy.host, port: proxy.port)
        }
        return configuration
    }
}

/// An error in downloading a file.
public struct DownloadError: Error, Sendable, Equatable {
    public enum Problem: Error, Sendable, Equatable {
        case invalidURL
        case unreachable(String)
        case status(Int)
        case badRedirect(String)
        /// A redirect from an encrypted to an unencrypted URL.
        case insecureRedirect(String)
        case system(SystemCallError)
    }

    public var problem: Problem
    public var url: String

    init(_ problem: Problem, of url: String) {
        self.problem = problem
        self.url = url
    }
}

extension DownloadError: CustomStringConvertible {
    /// The reason, without the URL.
    public var description: String {
        switch problem {
        case .invalidURL: "not a valid URL; use https://HOST/PATH"
        case .unreachable(let reason):
            "download failed: \(reason); check the URL, the network and HTTPS_PROXY"
        case .status(let code): "invalid response status \(code); check the URL"
        case .badRedirect(let place): "invalid redirect: \(place)"
        case .insecureRedirect(let place): "redirect to the unencrypted URL \(place)"
        case .system(let error): "\(error)"
        }
    }
}
