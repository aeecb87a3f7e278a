import ContainerRuntime
import Linux
import SystemPackage

/// One connection of `exec`: takes the request in, then tells how the command fares.
final class ExecSession {
    typealias Start = (StandardStreams, Int32) throws(RuntimeError) -> StartedProcess

    private let loop: EventLoop
    private var socket: MessageSocket?
    private var request = ExecRequest(service: "", command: [])
    /// The caller's, until the new process has them.
    private var streams: [Shared<Descriptor>] = []
    private var process: ProcessHandle?
    /// The connection's descriptor, while it is open.
    private let number: Int32
    var onRequest: (ExecRequest) -> Void = { _ in }
    /// Called when the process has been made.
    var onStart: () -> Void = {}
    /// Called when it has ended, with its exit code unless that cannot be had.
    var onExit: (Int32?) -> Void = { _ in }
    /// Called when nothing is left to do.
    var onEnd: () -> Void = {}

    init(_ socket: consuming MessageSocket, loop: EventLoop) {
        number = socket.descriptor.number
        self.socket = consume socket
        self.loop = loop
    }

    /// Begins to listen.
    func open() {
        do throws(SystemCallError) {
            try loop.watch(number) { [self] _ in receive() }
        } catch {
            finish()
        }
    }

    /// Says no, and ends.
    func reject(_ answer: ExecAnswer) {
        tell(answer.message)
        finish()
    }

    /// Starts the process by `start`, which gets its streams and the number of the socket that it
    /// reports to, and watches over it.
    func run(_ start: Start) {
        do throws(RuntimeError) {
            let started = try start(takeStreams(), number)
            try watch(started.takeProcess())
        } catch {
            tell(ExecReport.message(of: error))
            finish()
        }
    }

    /// They are closed with what holds them, so that nobody but the process has them.
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
        streams = []
        let (pidfd, pid) = (process.descriptor.number, process.pid)
        self.process = consume process
        tell(ExecAnswer.process(pid: pid).message, file: pidfd)
        do throws(SystemCallError) {
            try loop.watch(pidfd) { [self] _ in processEnded() }
        } catch {
            kill()
            throw .refused(.wait, error)
        }
        onStart()
        if request.isDetached { hangUp() }
    }

    private func receive() {
        do throws(SystemCallError) {
            while true {
                guard let message = try nextMessage() else { return callerIsGone() }
                guard take(message) else { return callerIsGone() }
            }
        } catch {
            if error.reason != .wouldBlock { callerIsGone() }
        }
    }

    /// Nil at the end of the connection, and when it has been hung up.
    private func nextMessage() throws(SystemCallError) -> MessageSocket.Message? {
        try socket?.receive(upTo: ExecRequest.partLimit)
    }

    /// False for a message that cannot be understood.
    private func take(_ message: consuming MessageSocket.Message) -> Bool {
        switch message.bytes.first {
        case ExecRequest.Part.end where process == nil: onRequest(request)
        case ExecRequest.Part.stream where streams.count < 3:
            guard let file = message.takeFile() else { return false }
            streams.append(Shared(file))
        default: return request.take(message.bytes)
        }
        return true
    }

    /// A command does not outlive its caller, who alone could see how it ends.
    private func callerIsGone() {
        guard socket != nil else { return }
        hangUp()
        if process == nil { finish() } else { kill() }
    }

    private func kill() {
        // It may have ended by itself.
        try? process?.send(.kill)
    }

    private func processEnded() {
        do throws(SystemCallError) {
            guard let status = try process?.poll() else { return }
            onExit(status.code)
            tell(ExecAnswer.ended(code: status.code).message)
        } catch {
            // Its status cannot be had, which the caller learns by the connection's end.
            onExit(nil)
        }
        finish()
    }

    private func tell(_ message: [UInt8], file: Int32 = -1) {
        // A caller who has gone needs no answer.
        try? socket?.send(message, file: file)
    }

    private func hangUp() {
        loop.unwatch(number)
        socket = nil
    }

    private func finish() {
        hangUp()
        if let pidfd = process?.descriptor.number { loop.unwatch(pidfd) }
        process = nil
        // Later, because what has called may go with this session.
        loop.after(.zero) { [self] in onEnd() }
    }
}
