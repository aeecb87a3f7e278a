import ComposeFile
import Linux
import Orchestrator

/// Refreshes a project's services while their files change, as `develop.watch` says.
struct Watching: Sendable {
    let session: Session
    let project: Project
    let prunes: Bool
    let hidesBuild: Bool
    /// Gets what is to be told, a line at a time.
    let tell: @Sendable (String) -> Void
    private let rules: WatchRules

    /// Throws when there is nothing to watch, or a rule asks for what cannot be.
    init(
        _ session: Session,
        _ project: Project,
        prunes: Bool,
        hidesBuild: Bool,
        tell: @escaping @Sendable (String) -> Void
    ) throws {
        self.session = session
        self.project = project
        self.prunes = prunes
        self.hidesBuild = hidesBuild
        self.tell = tell
        rules = try WatchRules(project.orderedServices)
        rules.warnings.forEach(session.warn)
        if rules.roots.isEmpty { throw OrchestratorError.nothingToWatch }
    }

    /// Watches until a signal comes; returns the exit status.
    func untilInterrupted() async throws -> Int32 {
        let signals = try SignalStream([.interrupt, .terminate])
        return try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask {
                try await run()
                return nil
            }
            group.addTask { await signals.next().map { 128 + $0.rawValue } }
            var status: Int32 = 0
            for try await ended in group {
                group.cancelAll()
                status = ended ?? status
            }
            return status
        }
    }

    /// Watches until it is cancelled.
    func run() async throws {
        let lock = try WatchLock(session.paths, project: project.name)
        defer { lock.release() }
        let (feed, first) = try await ChangeFeed.start(rules)
        try await withTaskCancellationHandler {
            await carryOut(first, isFirst: true)
            tell("Watch enabled")
            while let paths = try await feed.next(), !Task.isCancelled {
                if paths.count > 1000 {
                    tell(
                        "Large batch of file changes detected. "
                            + "If you just switched branches, this is expected."
                    )
                }
                await carryOut(rules.batch(for: paths))
            }
            tell("Watch disabled")
        } onCancel: {
            feed.stop()
        }
    }

    /// Does what a batch asks for; what fails is told and keeps nothing else from being done.
    private func carryOut(_ batch: WatchBatch, isFirst: Bool = false) async {
        var failed: Set<String> = []
        func attempt(_ services: [String], _ work: () async throws -> Void) async {
            do {
                try await work()
            } catch let error as WatchingError {
                failed.formUnion(services)
                tell("\(error)")
            } catch {
                failed.formUnion(services)
                guard !Task.isCancelled else { return }
                session.warn("Error handling changed files: \(error)")
            }
        }
        if !batch.rebuilds.isEmpty {
            await attempt(batch.rebuilds) { try await rebuild(batch.rebuilds) }
        }
        for (service, copies) in batch.copies.sorted(by: { $0.key < $1.key }) {
            if !isFirst {
                tell("Syncing service \"\(service)\" after \(copies.count) changes were detected")
            }
            await attempt([service]) { try await copy(copies, to: service) }
        }
        let restarts = batch.restarts.filter { !failed.contains($0) }
        if !restarts.isEmpty { await attempt(restarts) { try await restart(restarts) } }
        for command in batch.commands where !failed.contains(command.service) {
            await attempt([command.service]) { try await run(command) }
        }
    }

    private func containers(of service: String) throws -> [ExistingContainer] {
        try ContainerStore(session.paths).containers(of: project.name)
            .filter { $0.record.service == service && !$0.record.isOneOff }
    }

    private func copy(_ copies: [WatchBatch.Copy], to service: String) async throws {
        try await withThrowingTaskGroup { group in
            for container in try containers(of: service) {
                group.addTask {
                    try await SyncCommand.start(
                        copies,
                        in: container,
                        session.paths,
                        executable: session.executable
                    )
                }
            }
            try await group.waitForAll()
        }
    }

    private func restart(_ services: [String]) async throws {
        try await session.change(project.name, "Restarting", isQuiet: true) { change in
            try await change.restart(.init(services: services), includesDependents: true)
        }
        tell("service(s) \(services.quoted) restarted")
    }

    private func run(_ command: WatchBatch.Command) async throws {
        let rule = project.services[command.service]?.develop?.watch[command.rule]
        guard let hook = rule?.exec else { return }
        for container in try containers(of: command.service) where container.isRunning {
            try await WatchCommand(hook, in: container, executable: session.executable).run()
        }
    }
}

extension [String] {
    /// `["web" "db"]`, as docker compose writes lists.
    var quoted: String { "[\(map { "\"\($0)\"" }.joined(separator: " "))]" }
}
