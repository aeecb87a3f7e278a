import OCI

/// Whether a container has reached an awaited condition.
enum WaitStatus: Equatable {
    case waiting
    /// The container runs, but not yet long enough to count; to be decided again after this time.
    case settling(Duration)
    case reached
    /// The condition can no longer be met, with the reason.
    case failed(String)

    /// How long a container without a health check must run to be ready.
    ///
    /// A program that fails at once would otherwise be ready or not by chance. docker compose looks
    /// for the first time after as long.
    private static let settlingTime = Duration.milliseconds(500)

    /// Decides by the container's state.
    init(
        _ container: ExistingContainer,
        waitingFor condition: Plan.Condition,
        now: Timestamp = .now
    ) {
        switch condition {
        case .healthy: self = Self.healthy(container)
        case .completed: self = Self.completed(container)
        case .ready:
            self =
                container.record.healthProbe == nil
                ? Self.running(container, now) : Self.healthy(container)
        }
    }

    /// Whether an event of a container proves that it has met a condition, whatever has become of it
    /// since.
    static func isProven(_ condition: Plan.Condition, by event: ContainerEvent.Kind) -> Bool {
        switch (condition, event) {
        case (.completed, .died(0?, _)), (.healthy, .health(.healthy)),
            (.ready, .health(.healthy)):
            true
        default: false
        }
    }

    private static func healthy(_ container: ExistingContainer) -> WaitStatus {
        let name = container.record.name
        guard container.record.healthProbe != nil else {
            return .failed("container \(name) has no healthcheck configured")
        }
        if let failure = ended(container) ?? crashing(container) { return failure }
        return switch container.state.health {
        case .healthy: .reached
        case .unhealthy: .failed("container \(name) is unhealthy\(lastProbe(container))")
        case .starting, nil: .waiting
        }
    }

    private static func running(_ container: ExistingContainer, _ now: Timestamp) -> WaitStatus {
        if let failure = ended(container) ?? crashing(container) { return failure }
        guard container.state.status == .running else { return .waiting }
        // The clock may have been set back since the start.
        let age = container.state.startedAt.map { max(.zero, now - $0) } ?? settlingTime
        return age < settlingTime ? .settling(settlingTime - age) : .reached
    }

    private static func completed(_ container: ExistingContainer) -> WaitStatus {
        let (service, state) = (container.record.service, container.state)
        // One that restarts after its success has completed once.
        if container.hasEnded || state.status == .restarting, state.exitCode == 0 {
            return .reached
        }
        guard container.hasEnded else { return .waiting }
        return .failed(
            "service \"\(service)\" didn't complete successfully: exit \(state.exitWords)"
        )
    }

    private static func ended(_ container: ExistingContainer) -> WaitStatus? {
        guard container.hasEnded else { return nil }
        let ending = container.state.exitWords
        return .failed("container \(container.record.name) exited (\(ending))")
    }

    /// Fails the wait for a container that keeps crashing.
    ///
    /// docker compose polls every 500 ms and gives up when it finds a container between two runs,
    /// which it cannot miss if the pause is that long. A container whose runs last longer than ten
    /// seconds is restarted after shorter pauses, so the number of restarts counts too.
    private static func crashing(_ container: ExistingContainer) -> WaitStatus? {
        let state = container.state
        guard state.status == .restarting,
            (state.restartDelay ?? .zero) >= .milliseconds(500) || state.restartCount >= 4
        else { return nil }
        let code =
            state.exitCode == nil ? "exit \(state.exitWords)" : "exit code \(state.exitWords)"
        return .failed(
            "container \(container.record.name) is unhealthy: it keeps crashing (\(code), "
                + "\(state.restartCount) restarts)"
        )
    }

    /// The outcome of the last probe, for a message.
    private static func lastProbe(_ container: ExistingContainer) -> String {
        guard let probe = container.state.probes.last else { return "" }
        let words = probe.output.split(separator: "\n").last.map(String.init)
        // The output of a probe that timed out or could not be started is the reason.
        let ending = probe.exitCode < 0 ? nil : "exit \(probe.exitCode)"
        let parts = [ending, words].compactMap(\.self)
        return " (last probe: \(parts.isEmpty ? "timed out" : parts.joined(separator: ": ")))"
    }
}
