import Addresses
import DNS
import Linux

/// A name server that forwarded questions are sent to.
struct UpstreamServer {
    var address: IPAddress
    /// The network namespace from which it is asked; nil for the host's.
    var namespace: Shared<Descriptor>?

    fileprivate func open(overStream: Bool) throws(SystemCallError) -> Socket {
        let peer = SocketAddress(address: address.bytes, port: 53)
        guard let namespace else { return try Self.open(peer, overStream) }
        return try NetworkNamespace.inside(namespace.value) {
            () throws(SystemCallError) -> Socket in try Self.open(peer, overStream)
        }
    }

    private static func open(
        _ peer: SocketAddress,
        _ overStream: Bool
    ) throws(SystemCallError) -> Socket {
        overStream ? try .stream(to: peer) : try .datagrams(to: peer)
    }
}

/// One question sent to one upstream server, by datagram or over a connection.
final class UpstreamAttempt {
    private let socket: Socket
    private let overStream: Bool
    private let loop: EventLoop
    private let onResponse: ([UInt8]?) -> Void
    private var unsent: [UInt8]
    private var received = DNSFraming()
    private var isOpen = true

    /// `onResponse` gets each response, and nil when no more can come.
    init(
        _ question: [UInt8],
        to server: UpstreamServer,
        overStream: Bool,
        loop: EventLoop,
        onResponse: @escaping ([UInt8]?) -> Void
    ) throws(SystemCallError) {
        socket = try server.open(overStream: overStream)
        self.overStream = overStream
        self.loop = loop
        self.onResponse = onResponse
        unsent = overStream ? DNSFraming.frame(question) : []
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
            // The server refuses datagrams, or the connection broke.
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
        received.add(bytes)
        if bytes.isEmpty {
            stop()
            return onResponse(nil)
        }
        guard let response = received.next() else { return }
        stop()
        onResponse(response)
    }
}
