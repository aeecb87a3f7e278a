import OCI
import Testing

@testable import Orchestrator

struct HealthDecisionTests {
    private let rule = HealthProbe(
        command: ["true"],
        interval: .seconds(30),
        timeout: .seconds(5),
        startPeriod: .seconds(10),
        startInterval: .seconds(2),
        retries: 3
    )

    /// Each result: the start of its probe in seconds after the container's, and its exit code.
    struct Case: Sendable {
        var results: [(Int, Int32)]
        var health: ContainerState.Health
        var streak: Int
    }

    static let cases: [Case] = [
        Case(results: [(1, 0)], health: .healthy, streak: 0),
        Case(results: [(1, 1), (2, 1), (3, 1), (4, 1)], health: .starting, streak: 0),
        Case(results: [(11, 1), (12, 1)], health: .starting, streak: 2),
        Case(results: [(11, 1), (12, 1), (13, -1)], health: .unhealthy, streak: 3),
        Case(results: [(11, 1), (12, 1), (13, 0), (14, 1)], health: .healthy, streak: 1),
        Case(results: [(1, 0), (2, 1), (3, 1), (4, 1)], health: .unhealthy, streak: 3),
        Case(results: [(1, 0), (2, 1), (3, 1), (4, 1), (5, 0)], health: .healthy, streak: 0),
    ]

    @Test(arguments: cases)
    func `results of probes determine the health`(given: Case) {
        var state = starting
        for (second, exitCode) in given.results {
            _ = HealthDecision.take(result(second, exitCode), into: &state, rule: rule)
        }
        #expect(state.health == given.health)
        #expect(state.failingStreak == given.streak)
    }

    @Test func `only changes are reported`() {
        var state = starting
        #expect(!HealthDecision.take(result(1, 1), into: &state, rule: rule))
        #expect(HealthDecision.take(result(2, 0), into: &state, rule: rule))
        #expect(!HealthDecision.take(result(3, 0), into: &state, rule: rule))
    }

    @Test func `the last five results are kept`() {
        var state = starting
        for second in 1...9 {
            _ = HealthDecision.take(result(second, 0), into: &state, rule: rule)
        }
        #expect(state.probes.map(\.started.seconds) == [1005, 1006, 1007, 1008, 1009])
    }

    @Test func `the start interval applies in the start period until the first success`() {
        var state = starting
        #expect(interval(state, 3) == .seconds(2))
        #expect(interval(state, 10) == .seconds(30))
        state.health = .healthy
        #expect(interval(state, 3) == .seconds(30))
    }

    private var starting: ContainerState {
        var state = ContainerState(status: .running)
        state.startedAt = Timestamp(seconds: 1000)
        state.health = .starting
        return state
    }

    private func interval(_ state: ContainerState, _ second: Int64) -> Duration {
        HealthDecision.interval(state, rule: rule, now: Timestamp(seconds: 1000 + second))
    }

    private func result(_ second: Int, _ exitCode: Int32) -> ContainerState.ProbeResult {
        let time = Timestamp(seconds: 1000 + Int64(second))
        return ContainerState.ProbeResult(
            started: time,
            ended: time,
            exitCode: exitCode,
            output: ""
        )
    }
}
