/// Waits for a container's condition by following the supervisor's events, without polling.
struct ContainerWait: Sendable {
    let containers: ContainerStore
    let project: String
    let client: SupervisorClient
    var progress: ProgressSink

    /// Returns after `time`; throws if the container exits or becomes unhealthy before.
    func monitor(_ container: Plan.ContainerName, for time: Duration) async throws {
        let events = try await client.events()
        try await withThrowingTaskGroup { group in
            group.addTask { try await Task.sleep(for: time) }
            group.addTask {
                for await event in events where event.container == container.id {
                    switch event.kind {
                    case .died, .health(.unhealthy): break
                    default: continue
                    }
                    // Restarts are failures, too.
                    throw OrchestratorError.dependencyFailed(
                        "container \(container.name) failed while it was monitored"
                    )
                }
                try await Task.sleep(for: time)
            }
            try await group.next()
            group.cancelAll()
        }
        // An exit before the subscription has no event.
        let existing = try containers.container(container.id, of: project)
        guard existing?.isRunning == true else {
            throw OrchestratorError.dependencyFailed("container \(container.name) has exited")
        }
    }

    /// Returns once the condition holds; throws when it can no longer be met.
    func wait(for container: Plan.ContainerName, until condition: Plan.Condition) async throws {
        let object = "Container \(container.name)"
        // Subscribed before the first check, so that no event is missed in between.
        let events = try await client.events()
        if try await hasReached(container, condition, isSupervised: true) { return }
        progress(ProgressEvent(object, "Waiting", .working))
        if condition != .completed {
            // It only shortens the wait.
            try? await client.request(.hurryHealth(container: container.id))
        }
        for await event in events where event.container == container.id {
            if let detail = detail(of: event.kind) {
                progress(ProgressEvent(object, "Waiting", .working, detail: detail))
            }
            if WaitStatus.isProven(condition, by: event.kind) { return }
            if try await hasReached(container, condition, isSupervised: true) { return }
        }
        try Task.checkCancellation()
        // The supervisor has exited, so no container is running.
        if try await !hasReached(container, condition, isSupervised: false) {
            throw OrchestratorError.dependencyFailed(
                "the supervisor of container \(container.name) has exited"
            )
        }
    }

    private func hasReached(
        _ container: Plan.ContainerName,
        _ condition: Plan.Condition,
        isSupervised: Bool
    ) async throws -> Bool {
        let existing = try containers.container(
            container.id,
            of: project,
            isSupervised: isSupervised
        )
        guard let existing else {
            throw OrchestratorError.dependencyFailed("container \(container.name) was removed")
        }
        switch WaitStatus(existing, waitingFor: condition) {
        case .waiting: return false
        case .reached: return true
        case .settling(let remaining):
            try await Task.sleep(for: remaining)
            return try await hasReached(container, condition, isSupervised: isSupervised)
        case .failed(let reason):
            throw OrchestratorError.dependencyFailed(reason + lastLines(of: existing))
        }
    }

    /// The progress detail for an event of a container that is waited for; nil for most.
    private func detail(of event: ContainerEvent.Kind) -> String? {
        switch event {
        case .probed(let number, let count, let code, let output) where code != 0:
            reason(number, count, code, output)
        case .died(let code, _?):
            "exited (\(code.map(String.init) ?? "status unknown")), restarting"
        default: nil
        }
    }

    /// The last lines of a container that has exited, indented below the reason.
    private func lastLines(of container: ExistingContainer) -> String {
        guard container.hasEnded || container.state.status == .restarting else { return "" }
        let lines = LogTail(containers.paths).lines(of: container.record)
        return lines.isEmpty ? "" : ":\n" + lines.map { "    \($0)" }.joined(separator: "\n")
    }

    /// `probe 2 of 5: connection refused`.
    private func reason(_ number: Int, _ count: Int, _ code: Int32, _ output: String) -> String {
        let words = output.split(separator: "\n").last.map(String.init)
        let result = words ?? (code < 0 ? "timed out" : "exit \(code)")
        return "probe \(number) of \(count): \(result)"
    }
}
