import Linux

/// Accepts connections to a published port and connects each to the container.
final class StreamForwarder: PortListener {
    let port: UInt16
    private let socket: Socket
    private let loop: EventLoop
    private var target: SocketAddress?
    private var relays: [ObjectIdentifier: StreamRelay] = [:]

    init(at address: SocketAddress, loop: EventLoop) throws(SystemCallError) {
        let opened = try Socket.hostListening(at: address)
        port = try opened.localAddress().port
        socket = opened
        self.loop = loop
    }

    func forward(to target: SocketAddress) throws(SystemCallError) {
        let isWatched = self.target != nil
        self.target = target
        if !isWatched { try loop.watch(socket.number) { [weak self] _ in self?.accept() } }
    }

    func close() {
        if target != nil { loop.unwatch(socket.number) }
        target = nil
        for relay in relays.values { relay.abort() }
        relays = [:]
    }

    private func accept() {
        guard let target else { return }
        do {
            guard let client = try socket.accept() else { return }
            let relay = try StreamRelay(client, target: target, loop: loop)
            let identifier = ObjectIdentifier(relay)
            relays[identifier] = relay
            try relay.start { [weak self] in self?.relays[identifier] = nil }
        } catch {
            pause()
        }
    }

    /// A connection that cannot be accepted, for lack of descriptors, stays pending: wait before
    /// trying again.
    private func pause() {
        // Neither call fails for a watched socket.
        try? loop.change(socket.number, to: [])
        loop.after(.milliseconds(100)) { [weak self] in
            guard let self, target != nil else { return }
            try? loop.change(socket.number, to: .reading)
        }
    }
}
