import OCI

/// The effect of a probe's result on a container's health, and the time of the next probe.
///
/// Source: Compose Specification, services, `healthcheck`; the details are Docker's.
enum HealthDecision {
    /// The number of results kept.
    static let resultLimit = 5
    /// How many bytes of output are kept of each.
    static let outputLimit = 4096

    /// Applies a result to `state`; returns whether the health changed.
    static func take(
        _ result: ContainerState.ProbeResult,
        into state: inout ContainerState,
        rule: HealthProbe
    ) -> Bool {
        let before = state.health
        state.probes = Array((state.probes + [result]).suffix(resultLimit))
        if result.exitCode == 0 {
            state.failingStreak = 0
            state.health = .healthy
        } else if !isExcused(result, state, rule) {
            state.failingStreak += 1
            if state.failingStreak >= max(1, rule.retries) { state.health = .unhealthy }
        }
        return state.health != before
    }

    /// From the end of one probe to the start of the next.
    static func interval(_ state: ContainerState, rule: HealthProbe, now: Timestamp) -> Duration {
        guard state.health == .starting, let startedAt = state.startedAt,
            now - startedAt < rule.startPeriod
        else { return rule.interval }
        return rule.startInterval
    }

    /// Failures do not count in the start period until the first success.
    private static func isExcused(
        _ result: ContainerState.ProbeResult,
        _ state: ContainerState,
        _ rule: HealthProbe
    ) -> Bool {
        guard state.health == .starting, let startedAt = state.startedAt else { return false }
        return result.started - startedAt < rule.startPeriod
    }
}
