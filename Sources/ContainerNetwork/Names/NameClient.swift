import Addresses
import Linux

/// One container as the name server sees it.
final class NameClient {
    let containerID: String
    let upstreams: [IPAddress]
    let forwards: Bool
    /// Questions that wait for an upstream server.
    var pending = 0
    private let sockets: NameSockets
    private unowned let server: NameServer
    private var streams: [Int32: NameStream] = [:]
    private var isStopped = false

    init(
        containerID: String,
        sockets: consuming NameSockets,
        upstreams: [IPAddress],
        forwards: Bool,
        server: NameServer
    ) {
        self.containerID = containerID
        self.sockets = sockets
        self.upstreams = upstreams
        self.forwards = forwards
        self.server = server
    }

    func start() throws(SystemCallError) {
        try server.loop.watch(sockets.datagrams.number) { [weak self] _ in self?.readDatagrams() }
        try server.loop.watch(sockets.streams.number) { [weak self] _ in self?.acceptStreams() }
    }

    func stop() {
        isStopped = true
        server.loop.unwatch(sockets.datagrams.number)
        server.loop.unwatch(sockets.streams.number)
        for stream in streams.values { stream.close() }
        streams = [:]
    }

    /// Reads a few at a time, so that one busy container does not keep the others waiting.
    private func readDatagrams() {
        for _ in 0..<32 {
            // A datagram that cannot be read is one that the network has lost.
            guard let (bytes, sender) = try? sockets.datagrams.receiveDatagram(4096) else { return }
            server.handle(bytes, from: self, overStream: false) { [weak self] response in
                guard let self, !isStopped else { return }
                // The client asks again when an answer is lost.
                _ = try? sockets.datagrams.send(response, to: sender)
            }
        }
    }

    /// A container may keep so many connections open at a time.
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
        let stream = NameStream(accepted, loop: server.loop) { [weak self] bytes, reply in
            guard let self else { return }
            server.handle(bytes, from: self, overStream: true, reply: reply)
        } onClose: { [weak self] in
            self?.streams[number] = nil
        }
        streams[number] = stream
        stream.start()
    }

    /// A connection that cannot be accepted, for want of descriptors, stays ready: wait before
    /// trying again.
    private func pauseAccepting() {
        let loop = server.loop
        let number = sockets.streams.number
        // Neither fails for a socket that is watched.
        try? loop.change(number, to: [])
        loop.after(.milliseconds(100)) { [weak self] in
            guard let self, !isStopped else { return }
            try? loop.change(number, to: .reading)
        }
    }
}
