import DNS
import Linux

/// A connection over which a container asks questions. Source: RFC 7766.
final class NameStream {
    private let socket: Socket
    private let loop: EventLoop
    private let onQuery: ([UInt8], @escaping NameReply) -> Void
    private let onClose: () -> Void
    private var received = DNSFraming()
    private var unsent: [UInt8] = []
    private var timer: EventLoop.Timer?
    private var isOpen = true

    init(
        _ socket: consuming Socket,
        loop: EventLoop,
        onQuery: @escaping ([UInt8], @escaping NameReply) -> Void,
        onClose: @escaping () -> Void
    ) {
        self.socket = socket
        self.loop = loop
        self.onQuery = onQuery
        self.onClose = onClose
    }

    func start() {
        do {
            try loop.watch(socket.number) { [self] ready in handle(ready) }
            restartTimer()
        } catch {
            close()
        }
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        loop.unwatch(socket.number)
        if let timer { loop.cancel(timer) }
        onClose()
    }

    /// Closes the connection after ten seconds without a byte received.
    private func restartTimer() {
        if let timer { loop.cancel(timer) }
        timer = loop.after(.seconds(10)) { [weak self] in self?.close() }
    }

    private func handle(_ ready: EventLoop.Interest) {
        do {
            if ready.contains(.writing) { try sendRest() }
            if ready.contains(.reading), isOpen { try read() }
        } catch {
            close()
        }
    }

    private func read() throws(SystemCallError) {
        guard let bytes = try socket.receive(4096) else { return }
        guard !bytes.isEmpty else { return close() }
        restartTimer()
        received.add(bytes)
        while isOpen, let query = received.next() {
            onQuery(query) { [weak self] response in self?.send(response) }
        }
    }

    private func send(_ response: [UInt8]) {
        // Responses are dropped while the client does not read earlier ones.
        guard isOpen, unsent.count < 1 << 20 else { return }
        unsent += DNSFraming.frame(response)
        do {
            try sendRest()
        } catch {
            close()
        }
    }

    private func sendRest() throws(SystemCallError) {
        if !unsent.isEmpty { unsent.removeFirst(try socket.send(unsent)) }
        try loop.change(socket.number, to: unsent.isEmpty ? .reading : [.reading, .writing])
    }
}
