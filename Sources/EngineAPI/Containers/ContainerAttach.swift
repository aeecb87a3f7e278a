import Linux
import NIOCore
import OCI
import Orchestrator
import SystemPackage

extension Engine {
    /// `POST /containers/{id}/attach`.
    func attach(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        let (record, query) = (container.record, request.query)
        if container.state.status == .paused {
            throw EngineError.conflict(
                "container \(record.name) is paused, unpause the container before attach."
            )
        }
        var frames = OutputFrames(isRaw: record.hasTerminal)
        frames.showsOutput = query.flag("stdout")
        frames.showsErrors = query.flag("stderr")
        let takesInput = query.flag("stdin") && query.flag("stream") && record.keepsInputOpen
        let keys = try Self.detachKeys(query["detachKeys"] ?? "")
        let pump =
            takesInput
            ? try InputPump(
                host.paths.project(record.project).container(record.id).openStandardInput(),
                from: request.input,
                keys: record.hasTerminal ? keys : nil
            ) : nil
        let isNew = container.state.status == .created
        // A FIFO that no process has open loses its content: the input waits for the start.
        let start = isNew && takesInput ? try HostJournalFollow(host.journal) : nil
        defer { start?.stop() }
        var options = LogOptions(follow: query.flag("stream"), inPieces: true)
        if !query.flag("logs"), !isNew { options.since = .now }
        let source = host.paths.project(record.project).output(of: record)
        try await withSupervisor(of: record.project) { [frames, options] client in
            let events = try await client.events()
            let isOver = try self.recorded(container)?.hasEnded ?? true
            let raw = try await response.hijack(
                OutputFrames.type(isRaw: frames.isRaw, for: request.version)
            )
            host.journal.append(HostEvent("attach", of: record))
            try await starts.reading(record.id) {
                let output = ContainerOutput(frames, write: raw.writeBlocking)
                let session = try output.open(source, options)
                await Self.run(session, options, pump) {
                    for await event in start?.events ?? .finished
                    where event.action == "start" && event.id == record.id { return }
                } exit: {
                    if !isOver { _ = await Self.exit(of: record.id, in: events) }
                }
            }
        }
    }

    /// Carries the streams until the container exits, the client leaves, or the keys are pressed.
    private static func run(
        _ session: LogSession,
        _ options: LogOptions,
        _ pump: InputPump?,
        start: @escaping @Sendable () async -> Void,
        exit: @escaping @Sendable () async -> Void
    ) async {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                if options.follow { await exit() }
                await session.settle()
                return true
            }
            group.addTask {
                await session.ended()
                return true
            }
            if let pump {
                // The end of the input leaves the output attached.
                group.addTask {
                    await start()
                    return await pump.run() == .detached
                }
            }
            for await isOver in group where isOver { break }
            session.stop()
            group.cancelAll()
        }
        await session.ended()
    }
}

extension AsyncStream {
    /// A stream without elements.
    fileprivate static var finished: AsyncStream { AsyncStream { $0.finish() } }
}
