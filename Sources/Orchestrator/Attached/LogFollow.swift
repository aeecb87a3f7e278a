/// `logs --follow`: the output of a project's containers, including those that start later.
public struct LogFollow: Sendable {
    private let session: ProjectSession
    private let options: LogOptions
    private let display: LogDisplay
    private let isWanted: @Sendable (ContainerRecord) -> Bool

    public init(
        _ session: ProjectSession,
        options: LogOptions,
        display: LogDisplay,
        isWanted: @escaping @Sendable (ContainerRecord) -> Bool
    ) {
        self.session = session
        self.options = options
        self.display = display
        self.isWanted = isWanted
    }

    /// Returns when the last container has exited and no command is about to start another one.
    public func run() async throws {
        guard try !containers().isEmpty else { return }
        try await session.withSupervisor { client in
            // Subscribed before the containers are listed, so that no start is missed.
            let events = try await client.events()
            try await follow(events)
        }
    }

    private func follow(_ events: AsyncStream<ContainerEvent>) async throws {
        let containers = try containers()
        for container in containers { display.addSource(container.record.logName) }
        let log = try LogSession(
            containers.map(source),
            options,
            onLine: display.print,
            onPause: display.flush
        )
        await withTaskGroup { group in
            // Ends at `--until`, or when the output is closed.
            group.addTask { await log.ended() }
            group.addTask {
                await follow(events, containers, in: log)
                await log.settle()
                log.stop()
            }
            await group.next()
            group.cancelAll()
        }
    }

    private func follow(
        _ events: AsyncStream<ContainerEvent>,
        _ containers: [ExistingContainer],
        in log: LogSession
    ) async {
        var names = Dictionary(uniqueKeysWithValues: containers.map { ($0.id, $0.record.logName) })
        var running = Set(containers.filter(\.isRunning).map(\.id))
        var outOfMemory: Set<String> = []
        if running.isEmpty, await !moreContainersFollow() { return }
        for await event in events {
            switch event.kind {
            case .started:
                if names[event.container] == nil {
                    // A container that has been removed again has no output to show.
                    guard let container = try? container(event.container),
                        isWanted(container.record)
                    else { continue }
                    names[event.container] = container.record.logName
                    display.addSource(container.record.logName)
                    log.add(source(of: container))
                }
                running.insert(event.container)
            case .outOfMemory: outOfMemory.insert(event.container)
            case .died(let code, let restart):
                let ranOut = outOfMemory.remove(event.container) != nil && code != 0
                if let name = names[event.container] {
                    await log.settle()
                    display.show(
                        .exited(
                            name,
                            .init(code: code, isRestarting: restart != nil, ranOutOfMemory: ranOut)
                        )
                    )
                }
                guard restart == nil, running.remove(event.container) != nil, running.isEmpty
                else { continue }
                if await !moreContainersFollow() { return }
            case .stopped:
                // A container that waited for its restart is stopped without a further exit.
                guard running.remove(event.container) != nil, running.isEmpty else { continue }
                if await !moreContainersFollow() { return }
            default: continue
            }
        }
    }

    /// Whether a command in progress has left a container that runs or is about to.
    private func moreContainersFollow() async -> Bool {
        do {
            try await session.waitForOtherChanges()
            return try containers().contains { !$0.hasEnded }
        } catch {
            // A project that cannot be read has no more output to show.
            return false
        }
    }

    private func containers() throws -> [ExistingContainer] {
        try ContainerStore(session.paths).containers(of: session.project)
            .filter { isWanted($0.record) }
    }

    private func container(_ id: String) throws -> ExistingContainer? {
        try ContainerStore(session.paths).container(id, of: session.project)
    }

    private func source(of container: ExistingContainer) -> LogSource {
        session.paths.project(session.project).log(of: container, options)
    }
}
