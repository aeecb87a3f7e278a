import Linux
import SystemPackage
import Testing

struct SocketTests {
    @Test func `bytes move from one connection to another through a pipe`() throws {
        let source = try Connection()
        let target = try Connection()
        let pipe = try SplicePipe()
        #expect(try pipe.fill(from: source.server, 100) == .blocked)
        try source.client.send("hello".utf8)
        source.client.finishWriting()
        #expect(
            try whenReady(source.server) { try pipe.fill(from: $0, 100) == .moved(5) ? true : nil }
                == true
        )
        #expect(try pipe.drain(to: target.server, 5) == .moved(5))
        #expect(try whenReady(target.client) { try $0.receive(100) } == Array("hello".utf8))
        #expect(
            try whenReady(source.server) { try pipe.fill(from: $0, 100) == .ended ? true : nil }
                == true
        )
    }

    @Test func `moving bytes to a closed peer is an error without a signal`() throws {
        let source = try Connection()
        let serverOut = try halfBrokenConnection()
        let pipe = try SplicePipe()
        try source.client.send("hello".utf8)
        _ = try whenReady(source.server) { try pipe.fill(from: $0, 100) == .moved(5) ? true : nil }
        let error = #expect(throws: SystemCallError.self) {
            for _ in 0..<10 { _ = try pipe.drain(to: serverOut, 1) }
        }
        #expect(error?.reason == .brokenPipe || error?.reason == .connectionReset)
    }

    @Test func `a refused connection is reported as a pending error`() throws {
        let listener = try Socket.listening(at: loopback)
        let address = try listener.localAddress()
        _ = consume listener
        let error: SystemCallError?
        do {
            let socket = try Socket.stream(to: address)
            let reason = try whenReady(socket) { $0.pendingError() }
            error = reason.map { SystemCallError(call: "connect", subject: "", reason: $0) }
        } catch let failure as SystemCallError {
            error = failure
        }
        #expect(error?.reason == .connectionRefused)
    }

    @Test func `two listeners cannot share a port`() throws {
        let first = try Socket.listening(at: loopback)
        let address = try first.localAddress()
        let error = #expect(throws: SystemCallError.self) {
            let second = try Socket.listening(at: address)
            _ = second.number
        }
        #expect(error?.reason == .addressInUse)
    }

    /// A connection whose other end was closed with a reset.
    private func halfBrokenConnection() throws -> Socket {
        let listener = try Socket.listening(at: loopback)
        let client = try Socket.stream(to: try listener.localAddress())
        guard let server = try whenReady(listener, { try $0.accept() }) else {
            throw SystemCallError(call: "accept", subject: "", reason: .timedOut)
        }
        client.resetOnClose()
        return server
    }
}

private let loopback = SocketAddress(address: [127, 0, 0, 1], port: 0)

/// Both ends of a connection over the loopback interface.
private struct Connection: ~Copyable {
    let client: Socket
    let server: Socket

    init() throws {
        let listener = try Socket.listening(at: loopback)
        let client = try Socket.stream(to: try listener.localAddress())
        guard let server = try whenReady(listener, { try $0.accept() }) else {
            throw SystemCallError(call: "accept", subject: "", reason: .timedOut)
        }
        self.client = client
        self.server = server
    }
}
