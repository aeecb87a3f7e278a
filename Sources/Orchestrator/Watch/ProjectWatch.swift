public import ComposeFile
import Linux

/// Updates a project's services while their files change, as `develop.watch` asks.
public struct ProjectWatch: Sendable {
    let session: ProjectSession
    let project: Project
    let images: ImageSource
    /// Removes the images that rebuilds replace.
    let prunes: Bool
    /// Receives one line at a time.
    let report: @Sendable (String) -> Void
    let warn: @Sendable (String) -> Void
    private let rules: WatchRules

    /// Throws when no service has a watch section, or a rule is invalid.
    public init(
        _ session: ProjectSession,
        _ project: Project,
        images: @escaping ImageSource,
        prunes: Bool,
        report: @escaping @Sendable (String) -> Void,
        warn: @escaping @Sendable (String) -> Void
    ) throws {
        self.session = session
        self.project = project
        self.images = images
        self.prunes = prunes
        self.report = report
        self.warn = warn
        rules = try WatchRules(project.orderedServices)
        rules.warnings.forEach(warn)
        if rules.roots.isEmpty { throw OrchestratorError.nothingToWatch }
    }

    /// Watches until SIGINT or SIGTERM; returns the exit status.
    public func untilInterrupted() async throws -> Int32 {
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
            await apply(first, isFirst: true)
            report("Watch enabled")
            while let paths = try await feed.next(), !Task.isCancelled {
                if paths.count > 1000 {
                    report(
                        "Large batch of file changes detected. "
                            + "If you just switched branches, this is expected."
                    )
                }
                await apply(rules.batch(for: paths))
            }
            report("Watch disabled")
        } onCancel: {
            feed.stop()
        }
    }

    /// Carries out the actions of a batch; a failure is reported and does not prevent the others.
    private func apply(_ batch: WatchBatch, isFirst: Bool = false) async {
        var failed: Set<String> = []
        func attempt(_ services: [String], _ work: () async throws -> Void) async {
            do {
                try await work()
            } catch let error as WatchError {
                failed.formUnion(services)
                report("\(error)")
            } catch {
                failed.formUnion(services)
                guard !Task.isCancelled else { return }
                warn("Error handling changed files: \(error)")
            }
        }
        if !batch.rebuilds.isEmpty {
            await attempt(batch.rebuilds) { try await rebuild(batch.rebuilds) }
        }
        for (service, copies) in batch.copies.sorted(by: { $0.key < $1.key }) {
            if !isFirst {
                report("Syncing service \"\(service)\" after \(copies.count) changes were detected")
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
        try await session.change("Restarting", isQuiet: true) { change in
            try await change.restart(.init(services: services), includesDependents: true)
        }
        report("service(s) \(services.quoted) restarted")
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
    /// `["web" "db"]`, as docker compose prints lists.
    var quoted: String { "[\(map { "\"\($0)\"" }.joined(separator: " "))]" }
}
