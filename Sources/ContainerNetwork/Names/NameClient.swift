import Linux

/// An encoded query from a container.
struct NameQuery {
    var bytes: [UInt8]
    /// Over a connection a response may be of any length.
    var overStream: Bool
}

/// Sends the encoded response to one query; called at most once.
typealias NameReply = ([UInt8]) -> Void

/// Receives the queries of one container and sends the responses.
final class NameClient {
    private let sockets: NameSockets
    private let loop: EventLoop
    private let onQuery: (NameQuery, @escaping NameReply) -> Void
    private var streams: [Int32: NameStream] = [:]
    private var isStopped = false

    init(
        _ sockets: consuming NameSockets,
        loop: EventLoop,
        onQuery: @escaping (NameQuery, @escaping NameReply) -> Void
    ) {
        self.sockets = sockets
        self.loop = loop
        self.onQuery = onQuery
    }

    func start() throws(SystemCallError) {
        try loop.watch(sockets.datagrams.number) { [weak self] _ in self?.readDatagrams() }
        try loop.watch(sockets.streams.number) { [weak self] _ in self?.acceptStreams() }
    }

    func stop() {
        isStopped = true
        loop.unwatch(sockets.datagrams.number)
        loop.unwatch(sockets.streams.number)
        for stream in streams.values { stream.close() }
        streams = [:]
    }

    /// Reads a limited number at a time, so that a busy container does not delay the others.
    private func readDatagrams() {
        for _ in 0..<32 {
            // A datagram that cannot be read counts as lost, which clients must expect.
            guard let (bytes, sender) = try? sockets.datagrams.receiveDatagram(4096) else { return }
            onQuery(NameQuery(bytes: bytes, overStream: false)) { [weak self] response in
                guard let self, !isStopped else { return }
                // The client repeats a question whose response is lost.
                _ = try? sockets.datagrams.send(response, to: sender)
            }
        }
    }

    /// The number of connections that a container may keep open.
    private static let streamLimit = 32

    private func acceptStreams() {
        do {
            guard let accepted = try sockets.streams.accept() else { return }
            serve(accepted)
        } catch {
            pauseAccepting()
        }
    }

    private func serve(_ accepted: consuming Socket) {
        let number = accepted.number
        guard streams.count < Self.streamLimit else { return }
        let stream = NameStream(accepted, loop: loop) { [weak self] bytes, reply in
            self?.onQuery(NameQuery(bytes: bytes, overStream: true), reply)
        } onClose: { [weak self] in
            self?.streams[number] = nil
        }
        streams[number] = stream
        stream.start()
    }

    /// A connection that cannot be accepted, for lack of descriptors, stays pending: wait before
    /// trying again.
    private func pauseAccepting() {
        let number = sockets.streams.number
        // Neither call fails for a watched socket.
        try? loop.change(number, to: [])
        loop.after(.milliseconds(100)) { [weak self] in
            guard let self, !isStopped else { return }
            try? loop.change(number, to: .reading)
        }
    }
}
