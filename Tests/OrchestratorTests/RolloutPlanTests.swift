import Testing

@testable import Orchestrator

/// The plans of `up --rolling`.
struct RolloutPlanTests {
    private static func plan(
        _ change: (inout DesiredService) -> Void,
        from containers: [ExistingContainer]
    ) throws -> Plan {
        var service = Fixture.service("web", replicas: containers.count, hash: "2")
        change(&service)
        let snapshot = Snapshot(containers: containers, networks: [Fixture.network])
        return try Fixture.plan(Fixture.project(service), from: snapshot) { $0.rolls = true }
    }

    private static func step(
        of container: ExistingContainer = Fixture.container("web"),
        _ change: (inout DesiredService) -> Void
    ) throws -> Rollout.Step {
        let plan = try plan(change, from: [container])
        guard case .roll(let rollout)? = plan.operations.first?.action else {
            Issue.record("no rolling update in \(plan.summary)")
            throw CancellationError()
        }
        return try #require(rollout.steps.first)
    }

    @Test func `with start-first the new container takes over before the old one stops`() throws {
        let step = try Self.step { service in
            service.update.startsFirst = true
            service.update.monitor = .seconds(5)
        }
        #expect(step.creation.summary == ["0 create demo-web-1 for old-web-1"])
        #expect(
            step.update.summary == [
                "0 start standby new-1", "1 await new-1 ready <- 0",
                "2 promote new-1 over old-web-1 <- 1", "3 monitor new-1 5.0 seconds <- 2",
                "4 drain old-web-1 <- 3", "5 stop old-web-1 <- 4",
            ]
        )
        #expect(step.completion.summary == ["0 remove old-web-1"])
        #expect(
            step.reversion.summary == [
                "0 promote old-web-1 over new-1", "1 stop new-1 <- 0", "2 remove new-1 <- 1",
            ]
        )
    }

    @Test func `with stop-first the old container stops before the new one starts`() throws {
        let step = try Self.step { _ in }
        #expect(
            step.update.summary == [
                "0 stop old-web-1", "1 start new-1 <- 0", "2 await new-1 ready <- 1",
            ]
        )
        #expect(
            step.reversion.summary == [
                "0 stop new-1", "1 start old-web-1 <- 0", "2 remove new-1 <- 1",
            ]
        )
    }

    @Test func `a rollback follows its own order`() throws {
        let step = try Self.step { service in
            service.update.startsFirst = true
            service.rollback.startsFirst = true
        }
        #expect(
            step.rollback.summary == [
                "0 start standby old-web-1", "1 await old-web-1 ready <- 0",
                "2 promote old-web-1 over new-1 <- 1", "3 drain new-1 <- 2", "4 stop new-1 <- 3",
                "5 remove new-1 <- 4",
            ]
        )
    }

    @Test func `a container with a static address stops first`() throws {
        var old = Fixture.container("web")
        var attachment = NetworkAttachment(network: "demo_default")
        attachment.ipv4Address = "172.30.0.9"
        old.record.network = .attached([attachment])
        let step = try Self.step(of: old) { $0.update.startsFirst = true }
        #expect(step.update.summary.first == "0 stop old-web-1")
    }

    @Test func `init containers run before the new container starts`() throws {
        let step = try Self.step { service in
            service.update.startsFirst = true
            service.initSteps = [DesiredInitStep(isPerReplica: true)]
        }
        #expect(
            step.creation.summary == [
                "0 create demo-web-1 for old-web-1", "1 create demo-web-1-pre_start-0 <- 0",
            ]
        )
        #expect(
            step.update.summary.prefix(2) == ["0 initialize new-2 0", "1 start standby new-1 <- 0"]
        )
    }

    @Test func `dependents start after the rolling update`() throws {
        let project = Fixture.project(
            Fixture.service("web", hash: "2"),
            Fixture.service("proxy", after: [Fixture.needs("web")])
        )
        let snapshot = Snapshot(
            containers: [Fixture.container("web")],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(project, from: snapshot) { $0.rolls = true }
        #expect(
            plan.summary == [
                "0 roll web new-1", "1 create demo-proxy-1", "2 start new-2 <- 0,1",
            ]
        )
    }

    @Test func `a container that does not run is replaced as usual`() throws {
        let plan = try Self.plan({ _ in }, from: [Fixture.container("web", status: .exited)])
        #expect(
            plan.summary == [
                "0 create demo-web-1 for old-web-1", "1 remove old-web-1 <- 0",
                "2 start new-1 <- 1",
            ]
        )
    }

    @Test func `a standby that an interrupted update has left is removed`() throws {
        var standby = Fixture.container("web", id: "standby", hash: "2", created: 1)
        standby.state.isStandby = true
        let snapshot = Snapshot(
            containers: [Fixture.container("web"), standby],
            networks: [Fixture.network]
        )
        let project = Fixture.project(Fixture.service("web", hash: "2"))
        let plan = try Fixture.plan(project, from: snapshot) { $0.rolls = true }
        #expect(
            plan.summary == ["0 stop standby", "1 remove standby <- 0", "2 roll web new-1"]
        )
    }

    @Test func `names of nested operations are reserved`() throws {
        let plan = try Self.plan({ _ in }, from: [Fixture.container("web")])
        #expect(plan.createdNames == ["demo-web-1"])
        #expect(plan.removedContainers == ["old-web-1"])
    }

    @Test(arguments: [
        (0.0, 1, true), (0.5, 1, false), (0.5, 2, false), (0.5, 3, true), (0, 0, false),
    ])
    func `failures up to the ratio are tolerated`(ratio: Double, failed: Int, isExceeded: Bool) {
        var policy = RolloutPolicy()
        policy.maxFailureRatio = ratio
        #expect(policy.isExceeded(failed: failed, of: 4) == isExceeded)
    }
}
