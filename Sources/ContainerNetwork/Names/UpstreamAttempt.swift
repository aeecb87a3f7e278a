import Linux

/// One question put to one upstream server, by datagram or over a connection.
final class UpstreamAttempt {
    private let socket: Socket
    private let overStream: Bool
    private let loop: EventLoop
    private let onResponse: ([UInt8]?) -> Void
    private var unsent: [UInt8]
    private var received: [UInt8] = []
    private var isOpen = true

    /// `onResponse` gets each response, and nil when none will come any more.
    init(
        _ question: [UInt8],
        to server: SocketAddress,
        overStream: Bool,
        loop: EventLoop,
        onResponse: @escaping ([UInt8]?) -> Void
    ) throws(SystemCallError) {
        let opened: Socket = overStream ? try .stream(to: server) : try .datagrams(to: server)
        let length = [UInt8(question.count >> 8), UInt8(question.count & 0xff)]
        socket = opened
        self.overStream = overStream
        self.loop = loop
        self.onResponse = onResponse
        unsent = overStream ? length + question : []
        if !overStream { try socket.send(question) }
        try loop.watch(socket.number, for: overStream ? .writing : .reading) { [weak self] ready in
            self?.handle(ready)
        }
    }

    func stop() {
        guard isOpen else { return }
        isOpen = false
        loop.unwatch(socket.number)
    }

    deinit { stop() }

    private func handle(_ ready: EventLoop.Interest) {
        do {
            if overStream {
                try handleStream(ready)
            } else if let (bytes, _) = try socket.receiveDatagram(65535) {
                onResponse(bytes)
            }
        } catch {
            // A datagram's server is not there, or the connection broke.
            stop()
            onResponse(nil)
        }
    }

    private func handleStream(_ ready: EventLoop.Interest) throws(SystemCallError) {
        if !unsent.isEmpty {
            unsent.removeFirst(try socket.send(unsent))
            if unsent.isEmpty { try loop.change(socket.number, to: .reading) }
            return
        }
        guard let bytes = try socket.receive(65535) else { return }
        received += bytes
        if bytes.isEmpty {
            stop()
            return onResponse(nil)
        }
        guard received.count >= 2 else { return }
        let length = Int(received[0]) << 8 | Int(received[1])
        guard received.count >= length + 2 else { return }
        stop()
        onResponse(Array(received[2..<length + 2]))
    }
}
