import NIOHTTP1
import Testing

@testable import EngineAPI

struct RequestHeadTests {
    @Test func `a request line is split into method, path and query`() throws {
        let head = try RequestHead(parsing: "GET /v1.44/info?all=1 HTTP/1.1\r\nHost: d".utf8)
        #expect(head.method == "GET")
        #expect(head.path == "/v1.44/info")
        #expect(head.query == "all=1")
        #expect(head.bodyLength == 0)
        #expect(head.keepsAlive)
    }

    @Test func `a chunked body has no length`() throws {
        let text = "POST /a HTTP/1.1\r\nTransfer-Encoding: chunked"
        #expect(try RequestHead(parsing: text.utf8).bodyLength == nil)
    }

    @Test(arguments: [
        "GET /", "GET / HTTP/2.0", "GET a HTTP/1.1", "G\u{1}T / HTTP/1.1", "GET / HTTP/1.1\r\n: a",
        "GET / HTTP/1.1\r\nContent-Length: -1",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2",
        "GET / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
        "GET / HTTP/1.1\r\nTransfer-Encoding: gzip",
    ])
    func `a malformed head is refused`(text: String) {
        #expect(throws: HeadError.self) { try RequestHead(parsing: text.utf8) }
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close", false), ("HTTP/1.0", "", false),
        ("HTTP/1.0", "Connection: keep-alive", true),
    ])
    func `the connection is kept as the client asks`(
        version: String,
        header: String,
        keeps: Bool
    ) throws {
        let head = try RequestHead(parsing: "GET / \(version)\r\n\(header)".utf8)
        #expect(head.keepsAlive == keeps)
    }
}
