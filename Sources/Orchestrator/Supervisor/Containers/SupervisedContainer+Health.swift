import OCI

extension SupervisedContainer {
    /// Starts the health checks, if the container has any.
    func beginHealthChecks() {
        guard let run, let rule = record.healthProbe, state.status == .running else { return }
        let monitor =
            run.health
            ?? HealthMonitor(
                rule,
                loop: environment.loop,
                probe: { [unowned self] in runCommand($0, finish: $1) },
                take: { [unowned self] in take($0, rule) }
            )
        run.health = monitor
        if isAwaited { monitor.hurry() }
        monitor.begin(after: HealthDecision.interval(state, rule: rule, now: .now))
    }

    /// Probes at once and often, because a command waits for the container to become healthy.
    func hurryHealthChecks() {
        guard record.healthProbe != nil, state.health != .healthy else { return }
        isAwaited = true
        run?.health?.hurry()
    }

    /// Records a result in the state; returns the time until the next probe.
    private func take(_ result: ContainerState.ProbeResult, _ rule: HealthProbe) -> Duration {
        var hasChanged = false
        storedState.update { hasChanged = HealthDecision.take(result, into: &$0, rule: rule) }
        emit(
            .probed(
                number: state.failingStreak,
                of: rule.retries,
                exitCode: result.exitCode,
                output: result.output
            )
        )
        if state.health == .healthy { isAwaited = false }
        if hasChanged, let health = state.health { emit(.health(health)) }
        return HealthDecision.interval(state, rule: rule, now: .now)
    }
}
