import Linux

/// A connection over which a container asks questions, each with its length before it.
///
/// Source: RFC 1035, section 4.2.2, and RFC 7766.
final class NameStream {
    private let socket: Socket
    private let loop: EventLoop
    private let onQuery: ([UInt8], @escaping ([UInt8]) -> Void) -> Void
    private let onClose: () -> Void
    private var received: [UInt8] = []
    private var unsent: [UInt8] = []
    private var timer: EventLoop.Timer?
    private var isOpen = true

    init(
        _ socket: consuming Socket,
        loop: EventLoop,
        onQuery: @escaping ([UInt8], @escaping ([UInt8]) -> Void) -> Void,
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
            prolong()
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

    /// A connection on which nothing happens for so long is closed.
    private func prolong() {
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
        prolong()
        received += bytes
        while isOpen, received.count >= 2 {
            let length = Int(received[0]) << 8 | Int(received[1])
            guard received.count >= length + 2 else { break }
            let query = Array(received[2..<length + 2])
            received.removeFirst(length + 2)
            onQuery(query) { [weak self] response in self?.send(response) }
        }
    }

    private func send(_ response: [UInt8]) {
        // A client that does not read its answers gets no more of them.
        guard isOpen, unsent.count < 1 << 20 else { return }
        unsent += [UInt8(response.count >> 8), UInt8(response.count & 0xff)] + response
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
