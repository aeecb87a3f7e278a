import Linux
import Synchronization

/// One connection to a supervisor, read by a thread of its own.
final class SupervisorConnection: Sendable {
    /// The result of a request.
    enum Outcome: Sendable {
        case done
        case failed(String, exitCode: Int32?)
        /// The connection ended first.
        case lost
        case cancelled
    }

    private struct State {
        var lastNumber = 0
        var waiting: [Int: CheckedContinuation<Outcome, Never>] = [:]
        var listeners: [AsyncStream<ContainerEvent>.Continuation] = []
        var isOver = false
    }

    private let project: String
    private let socket: Descriptor
    private let state = Mutex(State())

    private init(_ socket: consuming Descriptor, project: String) {
        self.project = project
        self.socket = socket
    }

    /// Waits for the supervisor's greeting; nil if it ended without one.
    static func greeted(
        _ socket: consuming Descriptor,
        project: String,
        onSilence: () -> Void
    ) throws(SystemCallError) -> SupervisorConnection? {
        let connection = SupervisorConnection(socket, project: project)
        var buffer = LineBuffer()
        let number = connection.socket.number
        if try Readiness.wait(for: [number], timeout: SupervisorPatience.untilNotice).isEmpty {
            onSilence()
        }
        while true {
            let piece = try connection.socket.read()
            if piece.isEmpty { return nil }
            let lines = buffer.add(piece)
            if lines.isEmpty { continue }
            // The first line is the greeting; nothing follows it before a request.
            try BackgroundThread.start { connection.read() }
            return connection
        }
    }

    var isOver: Bool { state.withLock { $0.isOver } }

    /// Sends a request and waits for the reply.
    func ask(_ action: SupervisorRequest.Action) async -> Outcome {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLost = state.withLock { state in
                    if !state.isOver { state.waiting[number] = continuation }
                    return state.isOver
                }
                if isLost { return continuation.resume(returning: .lost) }
                send(SupervisorRequest(number: number, action: action))
                if Task.isCancelled { settle(number, .cancelled) }
            }
        } onCancel: {
            settle(number, .cancelled)
        }
    }

    /// The events from now on; ends with the connection.
    func events() -> AsyncStream<ContainerEvent> {
        AsyncStream { continuation in
            let isOver = state.withLock { state in
                state.listeners.append(continuation)
                return state.isOver
            }
            if isOver { continuation.finish() }
        }
    }

    func close() { LocalSocket.shutDown(socket.number) }

    private func send(_ request: SupervisorRequest) {
        do {
            let bytes = try JSONLine.encode(request)
            try state.withLock { _ in
                var start = 0
                while start < bytes.count {
                    guard let count = try LocalSocket.send(bytes, from: start, to: socket.number)
                    else { return }
                    start += count
                }
            }
        } catch {
            // The reading thread sees the same end and resumes all waiting tasks.
            close()
        }
    }

    private func settle(_ number: Int, _ outcome: Outcome) {
        state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(returning: outcome)
    }

    /// The body of the reading thread: takes messages until the connection ends.
    private func read() {
        var buffer = LineBuffer()
        do {
            while true {
                let piece = try socket.read()
                if piece.isEmpty { break }
                for line in buffer.add(piece) {
                    take(try JSONLine.decode(SupervisorMessage.self, from: line))
                }
            }
        } catch {
            // A dead supervisor and a malformed message are handled alike.
        }
        end()
    }

    private func take(_ message: SupervisorMessage) {
        switch message {
        case .hello: break
        case .done(let number): settle(number, .done)
        case .failed(let number, let reason, let exitCode):
            settle(number, .failed(reason, exitCode: exitCode))
        case .event(let event):
            let listeners = state.withLock { $0.listeners }
            for listener in listeners { listener.yield(event) }
        }
    }

    private func end() {
        let (waiting, listeners) = state.withLock { state in
            state.isOver = true
            defer { (state.waiting, state.listeners) = ([:], []) }
            return (state.waiting.values, state.listeners)
        }
        for continuation in waiting { continuation.resume(returning: .lost) }
        for listener in listeners { listener.finish() }
    }
}
