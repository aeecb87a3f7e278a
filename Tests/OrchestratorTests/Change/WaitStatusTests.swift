import OCI
import Testing

@testable import Orchestrator

struct WaitStatusTests {
    @Test func `waiting for an unhealthy container fails with the output of the last probe`() {
        var container = probed(.unhealthy)
        container.state.probes = [
            ContainerState.ProbeResult(
                started: .init(seconds: 0),
                ended: .init(seconds: 1),
                exitCode: 1,
                output: "connecting\nconnection refused\n"
            )
        ]
        #expect(
            WaitStatus(container, waitingFor: .healthy)
                == .failed(
                    "container demo-db-1 is unhealthy (last probe: exit 1: connection refused)"
                )
        )
    }

    @Test(arguments: [
        (ContainerState.Health.starting, WaitStatus.waiting), (.healthy, .reached),
    ])
    func `health decides a wait`(health: ContainerState.Health, status: WaitStatus) {
        #expect(WaitStatus(probed(health), waitingFor: .healthy) == status)
        #expect(WaitStatus(probed(health), waitingFor: .ready) == status)
    }

    @Test func `a one-shot service must exit with 0`() {
        var container = Fixture.container("job", status: .exited)
        container.state.exitCode = 0
        #expect(WaitStatus(container, waitingFor: .completed) == .reached)
        container.state.exitCode = 3
        #expect(
            WaitStatus(container, waitingFor: .completed)
                == .failed("service \"job\" didn't complete successfully: exit 3")
        )
    }

    @Test func `an exited container that should be running fails`() {
        var container = Fixture.container("web", status: .exited)
        container.state.exitCode = 1
        #expect(
            WaitStatus(container, waitingFor: .ready)
                == .failed("container demo-web-1 exited (1)")
        )
    }

    @Test func `an end by the OOM killer is named`() {
        var container = Fixture.container("web", status: .exited)
        container.state.exitCode = 137
        container.state.wasKilledForMemory = true
        #expect(
            WaitStatus(container, waitingFor: .ready)
                == .failed("container demo-web-1 exited (137, out of memory)")
        )
        container.state.wasStoppedByHand = true
        #expect(
            WaitStatus(container, waitingFor: .ready)
                == .failed("container demo-web-1 exited (137)")
        )
    }

    @Test(arguments: [
        (0, WaitStatus.settling(.milliseconds(500))), (499, .settling(.milliseconds(1))),
        (500, .reached), (-1_000, .settling(.milliseconds(500))),
    ])
    func `a container without a health check is ready once it has run for 500 ms`(
        milliseconds: Int,
        status: WaitStatus
    ) {
        var container = Fixture.container("web")
        let start = Timestamp(seconds: 1_000)
        container.state.startedAt = start
        let now = Timestamp(
            seconds: 1_000 + (milliseconds < 0 ? -1 : 0),
            nanoseconds: milliseconds < 0 ? 0 : Int32(milliseconds) * 1_000_000
        )
        #expect(WaitStatus(container, waitingFor: .ready, now: now) == status)
    }

    @Test func `a container that restarts after its success has completed`() {
        var container = Fixture.container("job", status: .restarting)
        container.state.exitCode = 0
        #expect(WaitStatus(container, waitingFor: .completed) == .reached)
        container.state.exitCode = 1
        #expect(WaitStatus(container, waitingFor: .completed) == .waiting)
    }

    @Test func `an event proves a condition although the state has changed since`() {
        #expect(WaitStatus.isProven(.completed, by: .died(exitCode: 0, restartsIn: .zero)))
        #expect(!WaitStatus.isProven(.completed, by: .died(exitCode: 1, restartsIn: nil)))
        #expect(WaitStatus.isProven(.healthy, by: .health(.healthy)))
        #expect(!WaitStatus.isProven(.healthy, by: .health(.unhealthy)))
        #expect(!WaitStatus.isProven(.ready, by: .started))
    }

    @Test(arguments: [
        (1, Duration.milliseconds(200), false), (3, .milliseconds(800), true),
        (1, .seconds(5), true), (4, .milliseconds(100), true),
    ])
    func `a container that keeps crashing fails a wait`(
        restarts: Int,
        delay: Duration,
        fails: Bool
    ) {
        var container = probed(.starting)
        container.state.status = .restarting
        container.state.exitCode = 3
        container.state.restartCount = restarts
        container.state.restartDelay = delay
        let failure = WaitStatus.failed(
            "container demo-db-1 is unhealthy: it keeps crashing (exit code 3, \(restarts) restarts)"
        )
        #expect(WaitStatus(container, waitingFor: .healthy) == (fails ? failure : .waiting))
        #expect(WaitStatus(container, waitingFor: .ready) == (fails ? failure : .waiting))
    }

    private func probed(_ health: ContainerState.Health) -> ExistingContainer {
        var container = Fixture.container("db")
        container.record.healthProbe = HealthProbe(
            command: ["true"],
            interval: .seconds(1),
            timeout: .seconds(1),
            startPeriod: .zero,
            startInterval: .seconds(1),
            retries: 3
        )
        container.state.health = health
        return container
    }
}
