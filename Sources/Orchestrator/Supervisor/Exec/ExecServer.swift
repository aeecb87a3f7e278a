import Linux
import SystemPackage

/// The socket on which `exec` asks for commands to be run in containers.
///
/// A supervisor can clone at once: it runs from an executable that no image can write to, has one
/// thread, and knows its containers.
final class ExecServer {
    private let loop: EventLoop
    private let listener: Descriptor
    private let name: SocketName
    private var sessions: [ObjectIdentifier: ExecSession] = [:]
    /// Starts the requested command.
    var onRequest: (ExecRequest, ExecSession) -> Void = { _, _ in }
    /// Called when the last command has exited.
    var onQuiet: () -> Void = {}

    init(_ path: FilePath, loop: EventLoop) throws(SystemCallError) {
        self.loop = loop
        try SocketName.clear(path)
        listener = try MessageSocket.listen(at: path)
        name = try SocketName(path)
        try listener.setNonBlocking(true)
        try loop.watch(listener.number) { [unowned self] _ in accept() }
    }

    var isQuiet: Bool { sessions.isEmpty }

    /// Removes the socket, so that a later client finds none.
    func close() {
        loop.unwatch(listener.number)
        name.remove()
    }

    private func accept() {
        // A connection that cannot be accepted for lack of descriptors stays in the queue.
        while let socket = try? LocalSocket.accept(on: listener) {
            let session = ExecSession(MessageSocket(owning: socket), loop: loop)
            let key = ObjectIdentifier(session)
            session.onRequest = { [unowned self, unowned session] in onRequest($0, session) }
            session.onEnd = { [unowned self] in
                sessions[key] = nil
                if sessions.isEmpty { onQuiet() }
            }
            sessions[key] = session
            session.open()
        }
    }
}
