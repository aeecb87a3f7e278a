import ContainerRuntime
import Linux
import SystemPackage

/// One connection of `exec`: receives the request, then reports the command's progress.
final class ExecSession {
    typealias Start = (StandardStreams) throws(RuntimeError) -> PendingExec

    private let loop: EventLoop
    private var socket: MessageSocket?
    private var request = ExecRequest(service: "", command: [])
    /// The caller's streams, until the new process has them.
    private var streams: [Shared<Descriptor>] = []
    private var pending: PendingExec?
    private var process: ProcessHandle?
    /// The connection's descriptor, while it is open.
    private let number: Int32
    var onRequest: (ExecRequest) -> Void = { _ in }
    /// Called when the process has been created.
    var onStart: () -> Void = {}
    /// Called when it has exited, with its exit code if known.
    var onExit: (Int32?) -> Void = { _ in }
    /// Called when the session is over.
    var onEnd: () -> Void = {}

    init(_ socket: consuming MessageSocket, loop: EventLoop) {
        number = socket.descriptor.number
        self.socket = consume socket
        self.loop = loop
    }

    /// Starts to receive.
    func open() {
        do throws(SystemCallError) {
            try loop.watch(number) { [self] _ in receive() }
        } catch {
            finish()
        }
    }

    /// Sends the reason and ends the session.
    func reject(_ answer: ExecAnswer) {
        send(answer.message)
        finish()
    }

    /// Starts the process by `start`, which gets its streams, and supervises it.
    func run(_ start: Start) {
        do throws(RuntimeError) {
            let pending = try start(takeStreams())
            streams = []
            let descriptor = pending.descriptor
            self.pending = consume pending
            try follow(descriptor)
            onStart()
        } catch {
            send(ExecReport.message(of: error))
            finish()
        }
    }

    private func follow(_ pending: Int32) throws(RuntimeError) {
        do throws(SystemCallError) {
            try loop.watch(pending) { [self] _ in advance() }
        } catch {
            throw .refused(.wait, error)
        }
    }

    /// Follows the process until it executes its program.
    private func advance() {
        do throws(RuntimeError) {
            guard try pending?.advance() == true else {
                return sendConsole()
            }
            stopWatchingPending()
            guard let started = try pending.take()?.start() else { return }
            try watch(started.takeProcess())
        } catch {
            send(ExecReport.message(of: error))
            onExit(error.exitCode)
            finish()
        }
    }

    private func sendConsole() {
        guard let console = pending?.takeConsole() else { return }
        send(ExecReport.consoleMessage, file: console.number)
    }

    private func stopWatchingPending() {
        if let descriptor = pending?.descriptor { loop.unwatch(descriptor) }
    }

    /// Passes the streams on; they are closed with their owner, so that only the process has them.
    private func takeStreams() -> StandardStreams {
        guard streams.count == 3 else { return .null }
        let numbers = streams.map { $0.value.number }
        return StandardStreams(
            input: .shared(numbers[0]),
            output: .shared(numbers[1]),
            error: .shared(numbers[2])
        )
    }

    private func watch(_ process: consuming ProcessHandle) throws(RuntimeError) {
        let (pidfd, pid) = (process.descriptor.number, process.pid)
        self.process = consume process
        send(ExecAnswer.process(pid: pid).message, file: pidfd)
        do throws(SystemCallError) {
            try loop.watch(pidfd) { [self] _ in processEnded() }
        } catch {
            kill()
            throw .refused(.wait, error)
        }
        if request.isDetached {
            disconnect()
        } else if socket == nil {
            kill()
        }
    }

    private func receive() {
        do throws(SystemCallError) {
            while true {
                guard let message = try nextMessage() else { return callerDisconnected() }
                guard take(message) else { return callerDisconnected() }
            }
        } catch {
            if error.reason != .wouldBlock { callerDisconnected() }
        }
    }

    /// Nil at the end of the connection, and when it has been closed.
    private func nextMessage() throws(SystemCallError) -> MessageSocket.Message? {
        try socket?.receive(upTo: ExecRequest.partLimit)
    }

    /// False for an unknown message.
    private func take(_ message: consuming MessageSocket.Message) -> Bool {
        switch message.bytes.first {
        case ExecRequest.Part.end where process == nil && pending == nil: onRequest(request)
        case ExecRequest.Part.stream where streams.count < 3:
            guard let file = message.takeFile() else { return false }
            streams.append(Shared(file))
        default: return request.take(message.bytes)
        }
        return true
    }

    /// Kills the command: only its caller could receive its result.
    ///
    /// One that is being started is killed as soon as it exists. Killing its creator before that
    /// could leave a child that no one reaps, which would keep the container from ending.
    private func callerDisconnected() {
        guard socket != nil else { return }
        disconnect()
        if process != nil {
            kill()
        } else if pending == nil {
            finish()
        }
    }

    private func kill() {
        // It may have exited by itself.
        try? process?.send(.kill)
    }

    private func processEnded() {
        do throws(SystemCallError) {
            guard let status = try process?.poll() else { return }
            onExit(status.code)
            send(ExecAnswer.ended(code: status.code).message)
        } catch {
            // The caller takes the end of the connection for an unknown status.
            onExit(nil)
        }
        finish()
    }

    private func send(_ message: [UInt8], file: Int32 = -1) {
        // A caller that has disconnected needs no answer.
        try? socket?.send(message, file: file)
    }

    private func disconnect() {
        // Once closed, its number may be that of another descriptor.
        guard socket != nil else { return }
        loop.unwatch(number)
        socket = nil
    }

    private func finish() {
        disconnect()
        stopWatchingPending()
        pending = nil
        if let pidfd = process?.descriptor.number { loop.unwatch(pidfd) }
        process = nil
        // Later, because the caller of this function may be destroyed with this session.
        loop.after(.zero) { [self] in onEnd() }
    }
}
