import Linux
import SystemPackage

/// The socket on which the supervisor receives requests.
final class ControlServer {
    private let loop: EventLoop
    private let socket: Descriptor
    private let name: SocketName
    private var connections: [Int32: ControlConnection] = [:]
    /// Performs a request.
    var onRequest: (SupervisorRequest.Action, ControlConnection, @escaping RequestReply) -> Void = {
        _,
        _,
        _ in
    }
    /// Called when a connection has closed.
    var onEnd: (ControlConnection) -> Void = { _ in }
    /// Called when the last connection has closed.
    var onQuiet: () -> Void = {}

    /// Listens at `path`, where a dead supervisor may have left its socket.
    init(_ path: FilePath, loop: EventLoop) throws(SystemCallError) {
        self.loop = loop
        try SocketName.clear(path)
        socket = try LocalSocket.listen(at: path)
        name = try SocketName(path)
        try loop.watch(socket.number) { [unowned self] _ in accept() }
    }

    var hasConnections: Bool { !connections.isEmpty }

    /// Sends an event to the subscribers.
    func publish(_ event: ContainerEvent) {
        for connection in connections.values where connection.isSubscribed {
            connection.send(.event(event))
        }
    }

    /// Removes the socket, unless a command has just connected; returns whether it did.
    ///
    /// A later command finds no socket and starts the next supervisor. One that connects during
    /// the removal gets no greeting and does the same.
    func closeIfQuiet() -> Bool {
        accept()
        guard connections.isEmpty else { return false }
        loop.unwatch(socket.number)
        name.remove()
        return true
    }

    private func accept() {
        // A connection that cannot be accepted for lack of descriptors stays in the queue.
        while let opened = try? LocalSocket.accept(on: socket) {
            let connection = ControlConnection(opened, loop: loop)
            let number = connection.number
            connection.onRequest = { [unowned self, unowned connection] request in
                onRequest(request.action, connection) { [weak connection] result in
                    connection?.answer(request.number, result)
                }
            }
            connection.onEnd = { [unowned self] in
                connections.removeValue(forKey: number).map(onEnd)
                if connections.isEmpty { onQuiet() }
            }
            connections[number] = connection
            connection.open()
        }
    }
}
