import Linux
import SystemPackage

/// A command's connection to the supervisor.
final class ControlConnection {
    /// Bytes that a slow subscriber may have outstanding before it is disconnected.
    private static let backlogLimit = 16_777_216

    private let loop: EventLoop
    private let socket: Descriptor
    private var input = LineBuffer()
    private var output: [UInt8] = []
    private var hasEnded = false
    /// It receives every event.
    var isSubscribed = false
    var onRequest: (SupervisorRequest) -> Void = { _ in }
    var onEnd: () -> Void = {}

    init(_ socket: consuming Descriptor, loop: EventLoop) {
        self.socket = socket
        self.loop = loop
    }

    var number: Int32 { socket.number }

    /// Starts to receive, and sends the greeting.
    func open() {
        do throws(SystemCallError) {
            try loop.watch(socket.number) { [self] ready in
                if ready.contains(.writing) { flush() }
                if ready.contains(.reading) { receive() }
            }
            send(.hello)
        } catch {
            end()
        }
    }

    func answer(_ request: Int, _ result: Result<Void, RequestFailure>) {
        switch result {
        case .success: send(.done(number: request))
        case .failure(let refusal):
            send(.failed(number: request, reason: refusal.reason, exitCode: refusal.exitCode))
        }
    }

    func send(_ message: SupervisorMessage) {
        guard !hasEnded else { return }
        // Every message has a JSON form.
        guard let line = try? JSONLine.encode(message) else { return }
        output += line
        if output.count > Self.backlogLimit { end() } else { flush() }
    }

    private func flush() {
        do throws(SystemCallError) {
            while !output.isEmpty, !hasEnded {
                guard let count = try LocalSocket.send(output, to: socket.number) else {
                    return end()
                }
                if count == 0 { break }
                output.removeFirst(count)
            }
            guard !hasEnded else { return }
            try loop.change(socket.number, to: output.isEmpty ? .reading : [.reading, .writing])
        } catch {
            end()
        }
    }

    private func receive() {
        do {
            let piece = try socket.read()
            if piece.isEmpty { return end() }
            for line in input.add(piece) where !hasEnded {
                onRequest(try JSONLine.decode(SupervisorRequest.self, from: line))
            }
        } catch let error as SystemCallError where error.reason == .wouldBlock {
            return
        } catch {
            // The peer speaks another protocol version: disconnect.
            end()
        }
    }

    private func end() {
        guard !hasEnded else { return }
        hasEnded = true
        loop.unwatch(socket.number)
        // Later, because the connections may just be iterated over.
        loop.after(.zero) { [self] in onEnd() }
    }
}
