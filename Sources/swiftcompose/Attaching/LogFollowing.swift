import Orchestrator

/// The output of a project's containers as it comes, also of those that start later.
struct LogFollowing: Sendable {
    let session: Session
    let project: String
    let printer: LogPrinter
    let options: LogOptions
    let isWanted: @Sendable (ContainerRecord) -> Bool

    /// Returns when the last container has ended and nobody is about to start another one.
    func run() async throws {
        let client = SupervisorClient(
            project: project,
            paths: session.paths,
            executable: session.executable
        )
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await follow(client))
        } catch {
            outcome = .failure(error)
        }
        await client.close()
        try outcome.get()
    }

    private func follow(_ client: SupervisorClient) async throws {
        guard try !containers().isEmpty else { return }
        // Subscribed before the look, so that no start falls between.
        let events = try await client.events()
        let containers = try containers()
        for container in containers { printer.add(container.record.logName) }
        let printer = printer
        let log = try LogSession(
            containers.map { source(of: $0.record) },
            options,
            onLine: { printer.print($0) },
            onPause: { printer.flush() }
        )
        await withTaskGroup { group in
            // Ends by itself at `--until`, or when nobody reads any more.
            group.addTask { await log.ended() }
            group.addTask {
                await watch(events, log, containers)
                await log.settle()
                log.stop()
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func watch(
        _ events: AsyncStream<ContainerEvent>,
        _ log: LogSession,
        _ containers: [ExistingContainer]
    ) async {
        var known = Set(containers.map(\.id))
        var alive = Set(containers.filter(\.isRunning).map(\.id))
        for await event in events {
            switch event.kind {
            case .started:
                if known.insert(event.container).inserted {
                    // One that is gone again has nothing to show.
                    guard let record = try? record(event.container), isWanted(record) else {
                        continue
                    }
                    printer.add(record.logName)
                    log.add(source(of: record))
                }
                alive.insert(event.container)
            case .died(_, nil), .stopped:
                // One that waited for its restart ends without dying once more.
                guard alive.remove(event.container) != nil, alive.isEmpty else { continue }
                if await !othersFollow() { return }
            default: continue
            }
        }
    }

    /// Whether a command that is under way has left something that runs or will.
    private func othersFollow() async -> Bool {
        do {
            try await session.waitForChanges(of: project)
            return try containers().contains { !$0.hasEnded }
        } catch {
            // A project that cannot be looked at says nothing more.
            return false
        }
    }

    private func containers() throws -> [ExistingContainer] {
        try ContainerStore(session.paths).containers(of: project).filter { isWanted($0.record) }
    }

    private func record(_ id: String) throws -> ContainerRecord? {
        try ContainerStore(session.paths).container(id, of: project)?.record
    }

    private func source(of record: ContainerRecord) -> LogSource {
        let files = session.paths.project(project)
        return LogSource(container: record.id, log: files.container(record.id).log)
    }
}
