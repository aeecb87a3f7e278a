import EngineAPI
import Linux
import SystemPackage
import Testing

/// The Engine API of a server of its own, without a client program.
struct EngineClient {
    struct Answer {
        var status: Int
        var headers: String
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }

        /// The body as JSON.
        func document() throws -> JSON { try JSON(parsing: body) }

        /// The text of `message` in an error.
        var message: String { get throws { try document()["message"].string ?? "" } }
    }

    let socket: FilePath

    /// Starts a server, and ends it after `body`.
    static func withServer(_ body: (EngineClient) throws -> Void) throws {
        let machine = try machine()
        let socket = machine.root.appending("engine.sock")
        let program = try machine.start(["api", "serve", "--socket", socket.string])
        defer {
            // It may have ended with an error, which the requests have reported.
            try? program.process.send(.terminate)
            _ = try? program.process.wait()
        }
        let client = EngineClient(socket: socket)
        try client.waitForServer(program.process)
        try body(client)
    }

    private func waitForServer(_ process: borrowing ProcessHandle) throws {
        let watcher = try FileWatcher()
        _ = try watcher.watch(socket.removingLastComponent(), for: .created)
        while (try? LocalSocket.connect(to: socket)) == nil {
            let isAlive = process.isRunning()
            try #require(isAlive, "the server has ended")
            _ = try Readiness.wait(for: [watcher.descriptor.number], timeout: .seconds(1))
            _ = try watcher.events()
        }
    }

    /// Sends one request and reads the whole answer.
    func send(
        _ method: String,
        _ path: String,
        _ body: [UInt8] = [],
        type: String = "application/json"
    ) throws -> Answer {
        let connection = try LocalSocket.connect(to: socket)
        let head =
            "\(method) /v1.44\(path) HTTP/1.1\r\nHost: d\r\nConnection: close\r\n"
            + "Content-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
        try connection.write(Array(head.utf8) + body)
        return try Self.answer(try connection.readToEnd())
    }

    func send(_ method: String, _ path: String, json: String) throws -> Answer {
        try send(method, path, Array(json.utf8))
    }

    private static func answer(_ bytes: [UInt8]) throws -> Answer {
        let end = try #require(bytes.firstRange(of: Array("\r\n\r\n".utf8)))
        let headers = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        var body = Array(bytes[end.upperBound...])
        if headers.lowercased().contains("transfer-encoding: chunked") { body = joined(body) }
        let status = headers.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return Answer(status: try #require(status), headers: headers, body: body)
    }

    /// The content of a chunked body.
    private static func joined(_ bytes: [UInt8]) -> [UInt8] {
        var (rest, content): (ArraySlice<UInt8>, [UInt8]) = (bytes[...], [])
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            let line = String(decoding: rest[..<end].dropLast(), as: UTF8.self)
            guard let size = Int(line, radix: 16), size > 0 else { break }
            content += rest[(end + 1)...].prefix(size)
            rest = rest.dropFirst(end - rest.startIndex + 1 + size + 2)
        }
        return content
    }
}
