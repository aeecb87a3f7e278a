import OCI

extension SupervisedContainer {
    /// Probes from now on, if it has a health check.
    func beginHealthChecks() {
        guard let run, let rule = record.healthProbe, state.status == .running else { return }
        let monitor =
            run.health
            ?? HealthMonitor(
                rule,
                loop: environment.loop,
                probe: { [unowned self] in runCommand($0, finish: $1) },
                take: { [unowned self] in takeProbe($0, rule) }
            )
        run.health = monitor
        monitor.begin(after: HealthDecision.interval(state, rule: rule, now: .now))
    }

    private func takeProbe(
        _ result: ContainerState.ProbeResult,
        _ rule: HealthProbe
    ) -> Duration {
        let hasChanged = HealthDecision.take(result, into: &state, rule: rule)
        save()
        emit(
            .probed(
                number: state.failingStreak,
                of: rule.retries,
                exitCode: result.exitCode,
                output: result.output
            )
        )
        if hasChanged, let health = state.health { emit(.health(health)) }
        return HealthDecision.interval(state, rule: rule, now: .now)
    }
}
