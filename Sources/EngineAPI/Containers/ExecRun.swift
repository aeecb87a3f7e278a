import ContainerRuntime
import Linux
import NIOCore
import OCI
import Orchestrator
import Synchronization

/// One run of a command that a client has asked for.
final class ExecRun: Sendable {
    private let call: ExecRequest
    private let exec: ExecTable.Exec
    private let engine: Engine
    private let frames: Mutex<OutputFrames>

    init(_ call: ExecRequest, _ exec: ExecTable.Exec, isRaw: Bool, in engine: Engine) {
        self.call = call
        self.exec = exec
        self.engine = engine
        frames = Mutex(OutputFrames(isRaw: isRaw))
    }

    /// Returns once the command runs; its end is recorded when the supervisor reports it.
    func detached() async throws {
        // Begun before the command, so that the end of a short one is not missed.
        let follow = try HostJournalFollow(engine.host.journal)
        let connection = try await connect([])
        let outcome = try await BackgroundThread.run { [self] in
            connection.wait(isDetached: true, onStart: started, onConsole: { _ in })
        }
        guard outcome == .detached else {
            follow.stop()
            throw EngineError.badRequest(finish(outcome) ?? "")
        }
        // Ends with the command, which outlives this request; no request waits for it.
        Task { [self] in
            await recordEnd(follow)
            follow.stop()
        }
    }

    private func recordEnd(_ follow: HostJournalFollow) async {
        for await event in follow.events
        where event.action == "exec_die" && event.attributes["execID"] == exec.id {
            execs.change(exec.id) { exec in
                exec.isRunning = false
                exec.exitCode = event.attributes["exitCode"].flatMap { Int32($0) } ?? 0
            }
            return
        }
    }

    /// Carries the streams until the command has exited.
    func attached(_ raw: RawStream, _ input: ConnectionInput) async {
        do {
            let outcome =
                call.hasTerminal
                ? try await terminal(raw, input) : try await pipes(raw, input)
            if let message = finish(outcome) { await report(message, to: raw) }
        } catch {
            execs.change(exec.id) { $0.exitCode = 126 }
            await report("\(error)", to: raw)
        }
    }

    private var execs: ExecTable { engine.execs }

    private func report(_ message: String, to raw: RawStream) async {
        let bytes = frames.withLock { frames in
            frames.add(Array("\(message)\r\n".utf8), to: .error)
            return frames.take()
        }
        // A client that is gone needs no message.
        try? await raw.write(ByteBuffer(bytes: bytes))
    }

    /// Connects to the supervisor, which is started if it was killed.
    private func connect(_ streams: [Int32]) async throws -> ExecConnection {
        let (call, files) = (call, engine.host.paths.project(exec.project))
        if let connection = try ExecConnection(call, streams: streams, to: files) {
            return connection
        }
        try SupervisorClient.ensureRunning(
            project: exec.project,
            paths: engine.host.paths,
            executable: engine.executable,
            // The client decides how long it waits.
            onSilence: {}
        )
        guard let connection = try ExecConnection(call, streams: streams, to: files) else {
            throw SupervisorError(.ended, project: exec.project)
        }
        return connection
    }

    private func started(_ pid: Int32) {
        execs.change(exec.id) { exec in
            exec.pid = pid
            exec.isRunning = true
        }
    }

    /// Records the end; returns the message about a failure.
    private func finish(_ outcome: ExecCall.Outcome) -> String? {
        let (code, message): (Int32, String?) =
            switch outcome {
            case .ended(let code): (code, nil)
            case .detached: (0, nil)
            // As with dockerd, also if there is no such program.
            case .failed(let error): (126, "OCI runtime exec failed: \(error)")
            case .absent: (126, "container \(exec.container) is not running")
            case .paused(let name): (126, "container \(name) is paused")
            case .unanswered, .unknown, .interrupted: (137, nil)
            }
        execs.change(exec.id) { exec in
            exec.isRunning = false
            exec.exitCode = code
            exec.resize = nil
        }
        return message
    }
}

extension ExecRun {
    /// Runs the command with three pipes.
    private func pipes(
        _ raw: RawStream,
        _ input: ConnectionInput
    ) async throws -> ExecCall.Outcome {
        let takesInput = exec.request.isTrue("AttachStdin")
        let standardInput = try Pipe()
        let output = try Pipe()
        let errors = try Pipe()
        let connection = try await connect([
            standardInput.readEnd.number, output.writeEnd.number, errors.writeEnd.number,
        ])
        let sink = standardInput.takeWriteEnd().release()
        // Without input the command reads the end of the pipe at once.
        if !takesInput { _ = Descriptor(owning: sink) }
        let feed = takesInput ? ByteFeed(sink) : nil
        let sources = [output.takeReadEnd().release(), errors.takeReadEnd().release()]
        return try await withThrowingTaskGroup(of: Void.self) { group in
            if let feed { group.addTask { await feed.run(input) } }
            let copies = zip(sources, LogStream.allCases).map { source, stream in
                Task { [self] in
                    try await BackgroundThread.run { [self] in
                        copy(source, stream, to: raw)
                    }
                }
            }
            let outcome = try await BackgroundThread.run { [self] in
                connection.wait(isDetached: false, onStart: started, onConsole: { _ in })
            }
            for copy in copies { try await copy.value }
            group.cancelAll()
            return outcome
        }
    }

    /// Copies output until the last writer has closed its end; the command goes on without a client.
    private func copy(_ number: Int32, _ stream: LogStream, to raw: RawStream) {
        let source = Descriptor(owning: number)
        var hasClient = true
        // A terminal reports the end as an error.
        while let bytes = try? source.read(), !bytes.isEmpty {
            let framed = frames.withLock { frames in
                frames.add(bytes, to: stream)
                return frames.take()
            }
            if hasClient { hasClient = raw.writeBlocking(framed) }
        }
    }

    /// Runs the command at a terminal, whose master side this process holds.
    private func terminal(
        _ raw: RawStream,
        _ input: ConnectionInput
    ) async throws -> ExecCall.Outcome {
        let connection = try await connect([])
        let (consoles, arrival) = AsyncStream<Int32>.makeStream()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                for await console in consoles { try await carry(console, raw, input) }
            }
            let outcome = try await BackgroundThread.run { [self] in
                connection.wait(
                    isDetached: false,
                    onStart: started,
                    onConsole: { (console: consuming Descriptor) in
                        arrival.yield(console.release())
                    }
                )
            }
            arrival.finish()
            try await group.waitForAll()
            return outcome
        }
    }

    private func carry(
        _ console: Int32,
        _ raw: RawStream,
        _ input: ConnectionInput
    ) async throws {
        let keys = try Engine.detachKeys(exec.request["DetachKeys"].string ?? "")
        let keyboard = try Descriptor.duplicating(console).release()
        let handle = Shared(try Descriptor.duplicating(console))
        execs.change(exec.id) { exec in
            exec.resize = { rows, columns in
                // A failure affects the layout only.
                try? Terminal.setSize(
                    of: handle.value.number,
                    to: .init(rows: rows, columns: columns)
                )
            }
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                let isDetached = await ByteFeed(keyboard).run(input, until: keys)
                // The client may have closed it already.
                if isDetached { try? await raw.close() }
            }
            // The thread cannot fail to start and still be needed: the command ends with it.
            try? await BackgroundThread.run { [self] in copy(console, .output, to: raw) }
            group.cancelAll()
        }
    }
}
