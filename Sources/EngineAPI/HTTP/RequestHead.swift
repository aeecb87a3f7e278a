import NIOHTTP1

/// The request line and headers of a request.
struct RequestHead: Sendable, Equatable {
    var method: String
    /// Without the query, percent-encoded.
    var path: String
    /// The text after `?`; empty if there is none.
    var query: String
    /// 0 or 1: HTTP/1.0 or HTTP/1.1.
    var minorVersion: Int
    var headers: HTTPHeaders

    /// The length of the body in bytes; nil for a chunked one.
    var bodyLength: Int?

    /// Whether the client keeps the connection open for another request.
    var keepsAlive: Bool {
        let tokens = headers[canonicalForm: "connection"].map { $0.lowercased() }
        return minorVersion == 0 ? tokens.contains("keep-alive") : !tokens.contains("close")
    }

    /// Whether the client asks to leave HTTP behind, as for `attach` and `exec`.
    var asksForUpgrade: Bool { headers.contains(name: "upgrade") }
}

/// A request that violates HTTP or exceeds a limit.
enum HeadError: Error, Equatable {
    case malformed(String)
    case tooLong
    case unsupportedVersion
    case unsupportedTransferCoding(String)
}

extension HeadError: CustomStringConvertible {
    var description: String {
        switch self {
        case .malformed(let part): "malformed request: \(part)"
        case .tooLong: "request line and headers exceed \(RequestHead.sizeLimit) bytes"
        case .unsupportedVersion: "HTTP version not supported; use HTTP/1.1"
        case .unsupportedTransferCoding(let coding): "transfer coding '\(coding)' is not supported"
        }
    }
}

extension RequestHead {
    /// The most bytes of request line and headers.
    static let sizeLimit = 65_536

    /// Parses the bytes before the empty line. Source: RFC 9112, 3 and 5.
    init(parsing bytes: some Sequence<UInt8>) throws(HeadError) {
        let text = String(decoding: Array(bytes), as: UTF8.self)
        var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        if lines.count == 1 {
            lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        }
        guard let first = lines.first else { throw .malformed("no request line") }
        let words = first.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, Self.isToken(words[0]) else { throw .malformed("request line") }
        guard words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else { throw .unsupportedVersion }
        method = String(words[0])
        minorVersion = words[2].hasSuffix("1") ? 1 : 0
        (path, query) = try Self.target(words[1])
        headers = HTTPHeaders()
        for line in lines.dropFirst() where !line.isEmpty {
            guard let colon = line.firstIndex(of: ":"), Self.isToken(line[..<colon]) else {
                throw .malformed("header line")
            }
            let value = line[line.index(after: colon)...]
                .trimmingPrefix { $0 == " " || $0 == "\t" }
            headers.add(name: String(line[..<colon]), value: String(value.trimmingSuffix()))
        }
        bodyLength = try Self.bodyLength(headers)
    }

    /// Path and query of an origin or absolute form.
    private static func target(
        _ text: Substring
    ) throws(HeadError) -> (path: String, query: String) {
        var rest = text
        if !rest.hasPrefix("/"), let scheme = rest.firstRange(of: "://") {
            rest = rest[scheme.upperBound...]
            rest = rest.firstIndex(of: "/").map { rest[$0...] } ?? "/"
        }
        guard rest.hasPrefix("/") else { throw .malformed("request target") }
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        return (String(parts[0]), parts.count > 1 ? String(parts[1]) : "")
    }

    private static func bodyLength(_ headers: HTTPHeaders) throws(HeadError) -> Int? {
        let codings = headers[canonicalForm: "transfer-encoding"].map { $0.lowercased() }
        let lengths = Set(headers[canonicalForm: "content-length"])
        if !codings.isEmpty {
            // Both together are a way to smuggle requests past a proxy.
            guard codings == ["chunked"], lengths.isEmpty else {
                throw .unsupportedTransferCoding(codings.joined(separator: ", "))
            }
            return nil
        }
        guard let text = lengths.first else { return 0 }
        guard lengths.count == 1, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(text)
        else { throw .malformed("Content-Length") }
        return length
    }

    /// Source: RFC 9110, 5.6.2.
    private static func isToken(_ text: Substring) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}

extension Substring {
    fileprivate func trimmingSuffix() -> Substring {
        var text = self
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
