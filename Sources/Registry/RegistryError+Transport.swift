import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix

extension RegistryError {
    /// An error of the connection.
    init(transport error: any Error, in subject: String) {
        if let error = error as? RegistryError {
            self = error
        } else if error is CancellationError || error as? HTTPClientError == .cancelled {
            self.init(.cancelled, in: subject)
        } else if let error = error as? NIOConnectionError, error.connectionErrors.isEmpty {
            self.init(.unknownHost(error.host), in: subject)
        } else {
            self.init(.unreachable("\(error)"), in: subject)
        }
    }

    /// An unsuccessful response.
    init(status: HTTPResponseStatus, _ text: String, in subject: String) {
        switch status.code {
        case 401: self.init(.unauthorized(hasCredentials: false), in: subject)
        case 403: self.init(.denied(text), in: subject)
        case 404: self.init(.notFound, in: subject)
        case 429: self.init(.rateLimited(text), in: subject)
        default: self.init(.unexpected(status: Int(status.code), text), in: subject)
        }
    }

    /// Whether a later retry may succeed.
    var isTransient: Bool {
        switch problem {
        case .unreachable, .rateLimited: true
        case .unexpected(let status, _): status == 408 || status >= 500
        default: false
        }
    }
}

/// The body of an error response. Source: OCI Distribution Specification, "Error Codes".
struct ErrorDocument: Decodable {
    struct Entry: Decodable {
        var code: String?
        var message: String?
    }

    var errors: [Entry]?

    /// The registry's error message as one short line.
    static func text(_ bytes: [UInt8]) -> String {
        // Proxies return other documents, which are truncated.
        let document = try? JSONDecoder().decode(ErrorDocument.self, from: Data(bytes))
        let messages = document?.errors?.compactMap { $0.message ?? $0.code } ?? []
        let text = messages.isEmpty ? String(decoding: bytes, as: UTF8.self) : messages[0]
        let line = text.unicodeScalars.prefix(200).map { scalar in
            scalar.value < 32 || scalar.value == 127 ? " " : Character(scalar)
        }
        return String(line)
    }
}
