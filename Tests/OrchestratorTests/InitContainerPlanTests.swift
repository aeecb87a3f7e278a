import Testing

@testable import Orchestrator

struct InitContainerPlanTests {
    private func service(replicas: Int = 1, hash: String = "1") -> DesiredService {
        var service = Fixture.service("web", replicas: replicas, hash: hash, networks: [])
        service.initSteps = [
            DesiredInitStep(isPerReplica: false), DesiredInitStep(isPerReplica: true),
        ]
        return service
    }

    private func project(_ service: DesiredService) -> DesiredProject {
        var project = Fixture.project(service)
        project.networks = []
        return project
    }

    @Test func `steps run in order before the first replica, and those for each replica again`()
        throws
    {
        #expect(
            try Fixture.plan(project(service(replicas: 2))).summary == [
                "0 create demo-web-1", "1 create demo-web-pre_start-0 <- 0",
                "2 create demo-web-1-pre_start-1 <- 0", "3 initialize new-2 0 <- 0,1",
                "4 initialize new-3 1 <- 0,2,3", "5 start new-1 <- 0,4", "6 create demo-web-2",
                "7 create demo-web-2-pre_start-1 <- 6", "8 initialize new-5 1 <- 4,6,7",
                "9 start new-4 <- 6,8",
            ]
        )
    }

    @Test func `a container that has run needs no step`() throws {
        let snapshot = Snapshot(containers: [Fixture.container("web", status: .exited)])
        let plan = try Fixture.plan(project(service()), from: snapshot)
        #expect(plan.summary == ["0 start old-web-1"])
    }

    @Test func `a step that failed is repeated, and one that succeeded only removed`() throws {
        let snapshot = Snapshot(containers: [
            Fixture.container("web", status: .created), initContainer(0, exitCode: 0),
            initContainer(1, exitCode: 1),
        ])
        let plan = try Fixture.plan(project(service()), from: snapshot)
        #expect(
            plan.summary == [
                "0 remove init-0", "1 initialize init-1 1", "2 start old-web-1 <- 1",
            ]
        )
    }

    @Test func `a recreated container gets new init containers`() throws {
        let snapshot = Snapshot(containers: [
            Fixture.container("web", status: .created, hash: "0"), initContainer(0, exitCode: 1),
        ])
        let plan = try Fixture.plan(project(service()), from: snapshot).summary
        #expect(plan.contains("1 remove init-0"), "\(plan)")
        #expect(plan.contains("2 create demo-web-pre_start-0 <- 0"), "\(plan)")
    }

    @Test func `start runs the steps that up --no-start has left`() {
        let plan = StopPlanner.start(
            [Fixture.container("web", status: .created)],
            initContainers: [initContainer(0, exitCode: nil)]
        )
        #expect(plan.summary == ["0 initialize init-0 0", "1 start old-web-1 <- 0"])
    }

    /// An init container that has exited, or that was never started if `exitCode` is nil.
    private func initContainer(_ index: Int, exitCode: Int32?) -> ExistingContainer {
        var container = Fixture.oneOff(
            "web",
            id: "init-\(index)",
            status: exitCode == nil ? .created : .exited
        )
        container.record.initStep = InitStep(index: index, replica: 1)
        container.state.exitCode = exitCode
        return container
    }
}
