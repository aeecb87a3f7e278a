import Orchestrator

extension Session {
    /// Runs `work` on one container, with progress before and after; a dry run only shows progress.
    func reporting(
        _ object: String,
        _ doing: String,
        _ done: String,
        detail: String? = nil,
        _ work: () throws -> Void
    ) throws {
        let display = progressDisplay(doing)
        defer { display.finish() }
        display.sink(ProgressEvent(object, doing, .working, detail: detail))
        do {
            if !global.dryRun { try work() }
        } catch {
            display.sink(ProgressEvent(object, "Error", .failed, detail: "\(error)"))
            throw error
        }
        display.sink(ProgressEvent(object, done, .done))
    }

    /// Returns the containers of `service`, running or not: replica `index` alone, or all by number
    /// and those of `run` last.
    ///
    /// Throws if there is none.
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

    /// Returns a running container of `service`: replica `index`, or the running one with the lowest
    /// number, or one of `run`.
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
