import OCI
import Orchestrator
import Synchronization
import SystemPackage

/// A container's output on its way to a client: read from its log by a thread, framed, and written.
final class ContainerOutput: Sendable {
    private let frames: Mutex<OutputFrames>
    private let onOpen: @Sendable () -> Void
    private let write: @Sendable ([UInt8]) -> Bool

    /// `onOpen` is called when the log is open, also several times. `write` may block; it returns
    /// false once the client is gone.
    init(
        _ frames: OutputFrames,
        onOpen: @escaping @Sendable () -> Void = {},
        write: @escaping @Sendable ([UInt8]) -> Bool
    ) {
        self.frames = Mutex(frames)
        self.onOpen = onOpen
        self.write = write
    }

    func open(_ source: LogSource, _ options: LogOptions) throws -> LogSession {
        try LogSession([source], options, onLine: add, onPause: flush)
    }

    private func add(_ line: LogLine) -> Bool {
        frames.withLock({ $0.add(line) }) || flush()
    }

    private func flush() -> Bool {
        onOpen()
        let bytes = frames.withLock { $0.take() }
        return bytes.isEmpty || write(bytes)
    }
}

extension Engine {
    /// `GET /containers/{id}/logs`.
    func logs(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        let query = request.query
        var frames = OutputFrames(isRaw: container.record.hasTerminal)
        frames.showsOutput = query.flag("stdout")
        frames.showsErrors = query.flag("stderr")
        frames.showsTimes = query.flag("timestamps")
        guard frames.showsOutput || frames.showsErrors else {
            throw EngineError.badRequest("Bad parameters: you must choose at least one stream")
        }
        var options = LogOptions(inPieces: true)
        options.tail = query["tail"].flatMap { Int($0) }.flatMap { $0 >= 0 ? $0 : nil }
        options.since = try query["since"].flatMap {
            $0 == "0" ? nil : try Timestamp(parameter: $0)
        }
        options.until = try query["until"].flatMap {
            $0 == "0" ? nil : try Timestamp(parameter: $0)
        }
        options.follow = try query.flag("follow") && recorded(container)?.isRunning == true
        let body = LateBody(of: response)
        let output = ContainerOutput(
            frames,
            onOpen: body.sourceOpened,
            write: body.writeBlocking
        )
        let type = OutputFrames.type(isRaw: frames.isRaw, for: request.version)
        let begin = { try await response.stream(type) }
        let source = host.paths.project(container.record.project).output(of: container.record)
        do {
            try await starts.reading(container.id) {
                if options.follow {
                    try await follow(container, source, options, output, request.input) {
                        try await body.begin(reading: $0, begin)
                    }
                } else {
                    let session = try output.open(source, options)
                    try await body.begin(reading: session, begin)
                    await session.ended()
                }
            }
        } catch {
            // The first error is the one to report.
            try? await body.end()
            throw error
        }
        try await body.end()
    }

    /// Writes output until the container has exited or the client is gone.
    private func follow(
        _ container: ExistingContainer,
        _ source: LogSource,
        _ options: LogOptions,
        _ output: ContainerOutput,
        _ input: ConnectionInput,
        begin: (LogSession) async throws -> Void
    ) async throws {
        try await withSupervisor(of: container.record.project) { client in
            // Subscribed before the log is opened, so that no exit is missed.
            let events = try await client.events()
            let session = try output.open(source, options)
            try await begin(session)
            let isRunning = try recorded(container)?.isRunning == true
            await withTaskGroup { group in
                group.addTask {
                    if isRunning { _ = await Self.exit(of: container.id, in: events) }
                    await session.settle()
                }
                group.addTask { await input.end() }
                group.addTask { await session.ended() }
                await group.next()
                session.stop()
                group.cancelAll()
            }
            await session.ended()
        }
    }

    /// Waits until a container has exited for good; returns its status, nil where it is unknown.
    static func exit(of id: String, in events: AsyncStream<ContainerEvent>) async -> Int32? {
        for await event in events where event.container == id {
            switch event.kind {
            case .died(let code, nil): return code
            case .stopped, .removed: return nil
            default: continue
            }
        }
        return nil
    }

    /// Waits until a container has exited, even if it is restarted; returns its status, nil where it
    /// is unknown.
    static func death(of id: String, in events: AsyncStream<ContainerEvent>) async -> Int32? {
        for await event in events where event.container == id {
            switch event.kind {
            case .died(let code, _): return code
            case .stopped, .removed: return nil
            default: continue
            }
        }
        return nil
    }
}
