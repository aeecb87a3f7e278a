import Linux

/// Forwards datagrams to a published port, with one socket for each sender, through which the
/// container's replies return.
final class DatagramForwarder: PortListener {
    /// One sender's datagrams and the replies to them.
    private final class Session {
        let socket: Socket
        var lastUse = ContinuousClock.now

        init(_ socket: consuming Socket) { self.socket = socket }
    }

    /// How long to remember a silent sender.
    private static let patience = Duration.seconds(60)
    /// The number of senders to remember; datagrams of further ones are dropped.
    private static let limit = 512

    let port: UInt16
    private let socket: Socket
    private let loop: EventLoop
    private var target: SocketAddress?
    private var sessions: [SocketAddress: Session] = [:]
    private var timer: EventLoop.Timer?

    init(at address: SocketAddress, loop: EventLoop) throws(SystemCallError) {
        let opened = try Socket.hostDatagrams(at: address)
        port = try opened.localAddress().port
        socket = opened
        self.loop = loop
    }

    func forward(to target: SocketAddress) throws(SystemCallError) {
        let isWatched = self.target != nil
        if self.target != target { forgetAll() }
        self.target = target
        if !isWatched { try loop.watch(socket.number) { [weak self] _ in self?.receive() } }
    }

    func close() {
        if target != nil { loop.unwatch(socket.number) }
        target = nil
        forgetAll()
    }

    private func receive() {
        for _ in 0..<32 {
            // A datagram that cannot be received or sent counts as lost.
            guard let (bytes, sender) = try? socket.receiveDatagram(65535),
                let session = session(for: sender)
            else { return }
            session.lastUse = .now
            _ = try? session.socket.send(bytes)
        }
    }

    private func session(for sender: SocketAddress) -> Session? {
        if let known = sessions[sender] { return known }
        guard let target, sessions.count < Self.limit,
            // Without free descriptors the datagram is dropped.
            let opened = try? Socket.datagrams(to: target)
        else { return nil }
        let session = Session(opened)
        let number = session.socket.number
        do {
            try loop.watch(number) { [weak self, unowned session] _ in
                self?.answer(session, to: sender)
            }
        } catch {
            return nil
        }
        sessions[sender] = session
        if timer == nil { scheduleForgetting() }
        return session
    }

    private func answer(_ session: Session, to sender: SocketAddress) {
        for _ in 0..<32 {
            // An error means that no process in the container listens; it cannot be passed on.
            guard let bytes = (try? session.socket.receive(65535)) ?? nil else { return }
            session.lastUse = .now
            _ = try? socket.send(bytes, to: sender)
        }
    }

    private func scheduleForgetting() {
        timer = loop.after(Self.patience) { [weak self] in
            guard let self else { return }
            let now = ContinuousClock.now
            for (sender, session) in sessions where now - session.lastUse >= Self.patience {
                forget(sender)
            }
            timer = nil
            if !sessions.isEmpty { scheduleForgetting() }
        }
    }

    private func forget(_ sender: SocketAddress) {
        guard let session = sessions.removeValue(forKey: sender) else { return }
        loop.unwatch(session.socket.number)
    }

    private func forgetAll() {
        for sender in sessions.keys { forget(sender) }
        if let timer { loop.cancel(timer) }
        timer = nil
    }
}
