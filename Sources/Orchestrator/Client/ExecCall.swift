public import ContainerRuntime
public import Linux
import SystemPackage

/// A command run in a container by the project's supervisor, with the streams, signals and terminal
/// of this process.
public final class ExecCall {
    /// The result of the call.
    public enum Outcome: Equatable, Sendable {
        /// The command has exited, with the exit status that a shell reports.
        case ended(code: Int32)
        /// The command runs in the background.
        case detached
        case failed(RuntimeError)
        /// The supervisor has no such running container.
        case absent
        case paused(container: String)
        /// No supervisor listens; the command was not started.
        case unanswered
        /// A signal ended the call before the supervisor had started the command.
        case interrupted(Signal)
        /// The supervisor was killed, and the command's exit status is unknown, if it was started at
        /// all.
        case unknown
    }

    private let socket: MessageSocket
    private let loop: EventLoop
    private let signals: SignalReader
    private var process: ProcessHandle?
    private var relay: TerminalRelay?
    private let streams: PipedStreams?
    private let isDetached: Bool
    private let onSilence: () -> Void
    /// Runs until the supervisor's first answer.
    private var silence: EventLoop.Timer?
    /// Signals that arrived before there was a process to pass them to.
    private var early: [Signal] = []
    private var outcome = Outcome.unknown

    /// Runs the command, and waits for it to exit unless it is detached.
    ///
    /// `onSilence` is called if the supervisor has not answered for two seconds.
    public static func run(
        _ request: ExecRequest,
        _ files: ProjectPaths,
        onSilence: @escaping () -> Void = {}
    ) throws(SystemCallError) -> Outcome {
        let usesStreams = !request.isDetached && !request.hasTerminal
        let streams = usesStreams ? try PipedStreams() : nil
        let socket: MessageSocket
        do throws(SystemCallError) {
            socket = try send(request, streams, to: files.execSocket)
        } catch {
            switch error.reason {
            case .noSuchFileOrDirectory, .connectionRefused, .connectionReset, .brokenPipe:
                return .unanswered
            default: throw error
            }
        }
        return try ExecCall(socket, streams, isDetached: request.isDetached, onSilence).wait()
    }

    /// Sends the request; the command is started only once it is complete.
    private static func send(
        _ request: ExecRequest,
        _ streams: PipedStreams?,
        to path: FilePath
    ) throws(SystemCallError) -> MessageSocket {
        let socket = try MessageSocket.connect(to: path)
        for part in request.parts { try socket.send(part) }
        for descriptor in streams?.descriptors ?? [] {
            try socket.send([ExecRequest.Part.stream], file: descriptor)
        }
        try socket.send([ExecRequest.Part.end])
        return socket
    }

    private init(
        _ socket: consuming MessageSocket,
        _ streams: PipedStreams?,
        isDetached: Bool,
        _ onSilence: @escaping () -> Void
    ) throws(SystemCallError) {
        self.socket = socket
        self.streams = streams
        self.isDetached = isDetached
        self.onSilence = onSilence
        loop = try EventLoop()
        signals = try SignalReader(Foreground.forwarded)
        try streams?.start(in: loop)
    }

    private func wait() throws(SystemCallError) -> Outcome {
        try loop.watch(signals.descriptor.number) { [unowned self] _ in
            while let signal = signals.next() { pass(signal) }
        }
        try loop.watch(socket.descriptor.number) { [unowned self] _ in receive() }
        silence = loop.after(SupervisorPatience.untilNotice) { [unowned self] in
            silence = nil
            onSilence()
        }
        try loop.run()
        relay?.end()
        streams?.finish()
        return outcome
    }

    private func receive() {
        do throws(SystemCallError) {
            guard let message = try socket.receive() else {
                // A detached command's connection ends once its program runs.
                return outcome == .detached ? loop.stop() : supervisorDied()
            }
            if let silence { loop.cancel(silence) }
            silence = nil
            try take(message)
        } catch {
            supervisorDied()
        }
    }

    private func take(_ message: consuming MessageSocket.Message) throws(SystemCallError) {
        switch ExecAnswer(message.bytes) {
        case .process where isDetached: outcome = .detached
        case .process(let pid): begin(pid, message.takeFile())
        case .ended(let code): end(.ended(code: code))
        case .absent: end(.absent)
        case .paused(let container): end(.paused(container: container))
        case nil:
            switch ExecReport(message) {
            case .console(let console): relay = try TerminalRelay(console, in: loop)
            case .failed(let error): end(.failed(error))
            case nil: break
            }
        }
    }

    private func begin(_ pid: Int32, _ pidfd: consuming Descriptor?) {
        guard let pidfd else { return }
        process = ProcessHandle(pid: pid, owning: pidfd)
        for signal in early { pass(signal) }
        early = []
    }

    private func pass(_ signal: Signal) {
        guard let pid = process?.pid, let pidfd = process?.descriptor.number else {
            // The supervisor kills a command whose caller has disconnected.
            return signal.isRequestToEnd ? end(.interrupted(signal)) : early.append(signal)
        }
        Foreground.forward(signal, to: pidfd, pid, relay)
    }

    /// Waits for the command without the supervisor. Its new parent reaps it; the kernel reports the
    /// exit status before that, and newer kernels afterwards too.
    private func supervisorDied() {
        loop.unwatch(socket.descriptor.number)
        guard let pid = process?.pid, let pidfd = process?.descriptor.number else {
            return end(.unknown)
        }
        // A process that has already exited needs no start time.
        let start = try? ProcessTable.startTime(of: pid)
        do throws(SystemCallError) {
            try loop.watch(pidfd) { [unowned self] _ in
                let status = process?.exitStatusOfNonChild(startTime: start)
                end(status.map { .ended(code: $0.code) } ?? .unknown)
            }
        } catch {
            end(.unknown)
        }
    }

    private func end(_ outcome: Outcome) {
        self.outcome = outcome
        loop.stop()
    }
}
