import NIOCore
import NIOHTTP1
import Synchronization

/// The response to one request. Exactly one of the functions that begin it is called.
final class Response: Sendable {
    /// The form of the response's body, which decides whether the connection can be used again.
    enum Form: Sendable, Equatable {
        case notBegun
        case complete
        case stream
        /// The connection carries raw bytes from here on.
        case hijacked
    }

    let channel: any Channel
    private let head: RequestHead
    private let form = Mutex(Form.notBegun)
    private let sent = Mutex<Int?>(nil)

    init(_ channel: any Channel, to head: RequestHead) {
        self.channel = channel
        self.head = head
    }

    var state: Form { form.withLock { $0 } }

    /// The status that has been sent; nil before that.
    var status: Int? { sent.withLock { $0 } }

    /// Sends a JSON document.
    func send(_ document: JSON, status: Int = 200, headers: HTTPHeaders = [:]) async throws {
        try await send(
            document.bytes + [UInt8(ascii: "\n")],
            type: "application/json",
            status: status,
            headers: headers
        )
    }

    /// Sends a complete body.
    func send(
        _ body: [UInt8],
        type: String,
        status: Int = 200,
        headers: HTTPHeaders = [:]
    ) async throws {
        var headers = headers
        headers.add(name: "Content-Type", value: type)
        headers.add(name: "Content-Length", value: String(body.count))
        try await begin(.complete, status, headers, body: head.method == "HEAD" ? [] : body)
    }

    /// Sends a status alone.
    func send(status: Int, headers: HTTPHeaders = [:]) async throws {
        var headers = headers
        if status != 204, status != 304 { headers.add(name: "Content-Length", value: "0") }
        try await begin(.complete, status, headers)
    }

    /// Sends the headers of a body of unknown length at once, and returns the body.
    func stream(
        _ type: String = "application/json",
        headers: HTTPHeaders = [:]
    ) async throws -> ResponseStream {
        var headers = headers
        headers.add(name: "Content-Type", value: type)
        let isChunked = head.minorVersion > 0
        headers.add(
            name: isChunked ? "Transfer-Encoding" : "Connection",
            value: isChunked ? "chunked" : "close"
        )
        try await begin(.stream, 200, headers)
        return ResponseStream(channel, isChunked: isChunked, isHead: head.method == "HEAD")
    }

    /// Turns the connection into a raw stream of bytes in both directions.
    ///
    /// Source: Engine API, `ContainerAttach`, "Hijacking".
    func hijack(_ type: String) async throws -> RawStream {
        let text =
            head.asksForUpgrade
            ? "HTTP/1.1 101 UPGRADED\r\nContent-Type: \(type)\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n"
            : "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\n"
        form.withLock { $0 = .hijacked }
        sent.withLock { $0 = head.asksForUpgrade ? 101 : 200 }
        try await channel.writeAndFlush(ByteBuffer(string: text + ServerHeaders.text + "\r\n"))
        return RawStream(channel)
    }

    private func begin(
        _ form: Form,
        _ status: Int,
        _ headers: HTTPHeaders,
        body: [UInt8] = []
    ) async throws {
        self.form.withLock { $0 = form }
        sent.withLock { $0 = status }
        let reason = HTTPResponseStatus(statusCode: status).reasonPhrase
        var text = "HTTP/1.1 \(status) \(reason)\r\n\(ServerHeaders.text)"
        for (name, value) in headers { text += "\(name): \(value)\r\n" }
        if !head.keepsAlive, !headers.contains(name: "Connection") {
            text += "Connection: close\r\n"
        }
        var buffer = ByteBuffer(string: text + "\r\n")
        buffer.writeBytes(body)
        try await channel.writeAndFlush(buffer)
    }
}

/// The headers of every response.
enum ServerHeaders {
    static let text =
        "Api-Version: \(APIVersion.newest)\r\nDocker-Experimental: false\r\nOstype: linux\r\n"
        + "Server: \(product) (linux)\r\n"

    /// Clients recognize the kind of engine by the word `Docker`.
    static let product = "Docker/28.5.2"
}
