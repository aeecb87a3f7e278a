import Orchestrator

extension Session {
    /// Does work that concerns one container, which progress tells of before and after.
    ///
    /// In a dry run only progress is shown.
    func reporting(
        _ object: String,
        _ doing: String,
        _ done: String,
        detail: String? = nil,
        _ work: () throws -> Void
    ) throws {
        let display = ProgressDisplay(
            title: doing,
            mode: progressMode,
            terminal: errors,
            isDryRun: global.dryRun
        )
        display.sink(ProgressEvent(object, doing, .working, detail: detail))
        if !global.dryRun { try work() }
        display.sink(ProgressEvent(object, done, .done))
    }

    /// The containers of `service`, running or not: replica `index` alone, or all by number.
    ///
    /// Never empty; those of `run` come last, where they are wanted.
    func containers(
        of service: String,
        index: Int = 0,
        includingOneOffs: Bool = false
    ) throws -> [ExistingContainer] {
        let project = try projectReference(naming: [service])
        let all = try project.containers().filter { $0.record.service == service }
        let replicas = all.filter { !$0.record.isOneOff }
            .sorted { $0.record.number < $1.record.number }
        let found =
            index > 0
            ? replicas.filter { $0.record.number == index }
            : replicas + all.filter { $0.record.isOneOff && includingOneOffs }
        guard !found.isEmpty else { throw CommandError.noContainer(service, index: index) }
        return found
    }
}

extension Session {
    /// A running container of `service`: number `index`, or the lowest that runs, or one of `run`.
    func runningContainer(of service: String, index: Int) throws -> ExistingContainer {
        let project = try projectReference(naming: [service])
        let containers = try project.containers()
        let running = containers.filter { container in
            container.record.service == service && container.isRunning
                && (index <= 0 || container.record.number == index)
        }
        guard let best = running.min(by: { $0.record.isPreferred(to: $1.record) }) else {
            throw index > 0
                ? CommandError.replicaNotRunning(service, index)
                : CommandError.serviceNotRunning(service)
        }
        return best
    }
}
