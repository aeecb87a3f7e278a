import Testing

@testable import Orchestrator

struct OneOffPlanTests {
    private static func oneOff(
        after dependencies: [DesiredDependency] = []
    ) -> DesiredService {
        var service = Fixture.service("job", after: dependencies)
        service.containerName = "demo-job-run-0123456789ab"
        return service
    }

    private func project(_ oneOff: DesiredService, _ others: DesiredService...) -> DesiredProject {
        var project = Fixture.project()
        project.services = others
        project.declaredServices = Set(others.map(\.name) + ["job"])
        project.oneOff = oneOff
        return project
    }

    @Test func `a one-off container is created once its dependencies meet their conditions`() throws
    {
        let project = project(
            Self.oneOff(after: [Fixture.needs("db", .healthy), Fixture.needs("seed", .completed)]),
            Fixture.service("db"),
            Fixture.service("seed", after: [Fixture.needs("db")])
        )
        #expect(
            try Fixture.plan(project).summary == [
                "0 create network demo_default",
                "1 create demo-db-1 <- 0",
                "2 start new-1 <- 1",
                "3 create demo-seed-1 <- 0",
                "4 start new-2 <- 2,3",
                "5 await new-1 healthy <- 2",
                "6 await new-2 completed <- 4",
                "7 create demo-job-run-0123456789ab <- 0,5,6",
                "8 start new-3 <- 7",
            ]
        )
    }

    @Test func `running dependencies are kept`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("db"), Fixture.container("job")],
            networks: [Fixture.network]
        )
        let project = project(
            Self.oneOff(after: [Fixture.needs("db")]),
            Fixture.service("db")
        )
        #expect(
            try Fixture.plan(project, from: snapshot).summary == [
                "0 keep old-db-1", "1 create demo-job-run-0123456789ab", "2 start new-1 <- 1",
            ]
        )
    }

    @Test func `a one-off container is not a replica of its service`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.oneOff("web", status: .running), Fixture.container("web")],
            networks: [Fixture.network]
        )
        let project = Fixture.project(Fixture.service("web", replicas: 2))
        #expect(
            try Fixture.plan(project, from: snapshot).summary == [
                "0 keep old-web-1", "1 create demo-web-2", "2 start new-1 <- 1",
            ]
        )
    }

    @Test func `an exited one-off container is an orphan, a running one is not`() throws {
        let snapshot = Snapshot(
            containers: [
                Fixture.oneOff("web", id: "ended", status: .exited),
                Fixture.oneOff("web", id: "busy", status: .running), Fixture.container("web"),
            ],
            networks: [Fixture.network]
        )
        #expect(snapshot.orphans(of: ["web"]).map(\.id) == ["ended"])
        let project = Fixture.project(Fixture.service("web"))
        let plan = try Fixture.plan(project, from: snapshot) { $0.removesOrphans = true }
        #expect(plan.summary == ["0 remove ended", "1 keep old-web-1"])
    }

    @Test(
        arguments: [
            ([], false, ["old-web-1"]),
            ([], true, ["old-web-1", "once", "old-gone-1"]),
            (["web"], false, ["old-web-1"]),
            (["db"], false, []),
        ] as [(Set<String>, Bool, [String])]
    )
    func `down removes one-off containers only together with orphans`(
        services: Set<String>,
        removesOrphans: Bool,
        removed: [String]
    ) {
        var options = ProjectChange.DownOptions()
        options.services = services
        options.declaredServices = ["web", "db"]
        options.removesOrphans = removesOrphans
        let containers = [
            Fixture.container("web"), Fixture.oneOff("web", id: "once", status: .exited),
            Fixture.container("gone"),
        ]
        #expect(containers.filter(options.removes).map(\.id) == removed)
    }
}
