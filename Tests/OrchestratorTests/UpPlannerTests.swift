import Testing

@testable import Orchestrator

struct UpPlannerTests {
    @Test func `from nothing, networks come first and dependencies start first`() throws {
        let project = Fixture.project(
            Fixture.service("db"),
            Fixture.service("api", after: [Fixture.needs("db", .healthy)])
        )
        #expect(
            try Fixture.plan(project).story == [
                "0 create network demo_default",
                "1 create demo-db-1 <- 0",
                "2 start new-1 <- 1",
                "3 await new-1 healthy <- 2",
                "4 create demo-api-1 <- 0",
                "5 start new-2 <- 3,4",
            ]
        )
    }

    @Test func `who takes another's mounts is made after it`() throws {
        var taking = Fixture.service("api")
        taking.mountsFrom = ["db"]
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db"), taking))
        #expect(plan.story.contains("3 create demo-api-1 <- 0,1"), "\(plan.story)")
    }

    @Test func `what runs and agrees with the file is left alone`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("db")],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(plan.story == ["0 keep old-db-1"])
    }

    @Test func `what has ended is started again`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("db", status: .exited)],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(plan.story == ["0 start old-db-1"])
    }

    @Test func `what was told to end by a command that died is started again`() throws {
        var container = Fixture.container("db")
        container.state.wasStoppedByHand = true
        let snapshot = Snapshot(containers: [container], networks: [Fixture.network])
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(plan.story == ["0 start old-db-1"])
    }

    @Test func `the new container is made before the old one stops`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("db", hash: "0")],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(
            plan.story == [
                "0 create demo-db-1 for old-db-1",
                "1 stop old-db-1 <- 0",
                "2 remove old-db-1 <- 1",
                "3 start new-1 <- 2",
            ]
        )
        #expect(plan.operations[0].cause == .configurationChanged)
    }

    @Test func `dependents that ask for it stop before and start after a replacement`() throws {
        let project = Fixture.project(
            Fixture.service("db"),
            Fixture.service("api", after: [Fixture.needs("db", restarts: true)])
        )
        let snapshot = Snapshot(
            containers: [Fixture.container("db", hash: "0"), Fixture.container("api")],
            networks: [Fixture.network]
        )
        #expect(
            try Fixture.plan(project, from: snapshot).story == [
                "0 create demo-db-1 for old-db-1",
                "1 stop old-db-1 <- 0,4",
                "2 remove old-db-1 <- 1",
                "3 start new-1 <- 2",
                "4 stop old-api-1",
                "5 start old-api-1 <- 3,4",
            ]
        )
    }

    @Test func `shrinking takes obsolete containers first, then the highest number`() throws {
        let containers = [
            Fixture.container("web", 1), Fixture.container("web", 2, hash: "0"),
            Fixture.container("web", 3),
        ]
        let snapshot = Snapshot(containers: containers, networks: [Fixture.network])
        let project = Fixture.project(Fixture.service("web", replicas: 1))
        #expect(
            try Fixture.plan(project, from: snapshot).story == [
                "0 stop old-web-2",
                "1 remove old-web-2 <- 0",
                "2 stop old-web-3",
                "3 remove old-web-3 <- 2",
                "4 keep old-web-1",
            ]
        )
    }

    @Test func `growing counts on from the highest number`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("web", 3)],
            networks: [Fixture.network]
        )
        let project = Fixture.project(Fixture.service("web", replicas: 2))
        #expect(
            try Fixture.plan(project, from: snapshot).story == [
                "0 keep old-web-3", "1 create demo-web-4", "2 start new-1 <- 1",
            ]
        )
    }

    @Test func `a container that a cut left beside its successor is removed`() throws {
        let snapshot = Snapshot(
            containers: [
                Fixture.container("db", id: "older", created: 1),
                Fixture.container("db", id: "newer", created: 2),
            ],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(plan.story == ["0 stop older", "1 remove older <- 0", "2 keep newer"])
    }

    @Test func `orphans go only when asked`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("gone"), Fixture.container("db")],
            networks: [Fixture.network]
        )
        let project = Fixture.project(Fixture.service("db"))
        #expect(try Fixture.plan(project, from: snapshot).story == ["0 keep old-db-1"])
        let plan = try Fixture.plan(project, from: snapshot) { $0.removesOrphans = true }
        #expect(plan.story == ["0 stop old-gone-1", "1 remove old-gone-1 <- 0", "2 keep old-db-1"])
    }

    @Test func `create makes containers and starts none`() throws {
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db"))) { $0.starts = false }
        #expect(plan.story == ["0 create network demo_default", "1 create demo-db-1 <- 0"])
    }

    @Test func `a missing external network is refused before anything is done`() {
        var project = Fixture.project(Fixture.service("db"))
        project.networks = [
            DesiredResource(name: "shared", configHash: "", isExternal: true)
        ]
        #expect(throws: OrchestratorError.externalNetworkMissing("shared")) {
            try Fixture.plan(project)
        }
    }

    @Test func `a changed network is made anew while nobody is attached`() throws {
        let changed = ExistingResource(name: "demo_default", configHash: "0", project: "demo")
        let snapshot = Snapshot(containers: [Fixture.container("db")], networks: [changed])
        #expect(
            try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot).story == [
                "0 stop old-db-1",
                "1 remove network demo_default <- 0",
                "2 create network demo_default <- 1",
                "3 start old-db-1 <- 2",
            ]
        )
    }

    @Test func `a changed volume is made anew only if the user wants so`() throws {
        var project = Fixture.project(
            Fixture.service("db"),
            Fixture.service("api", after: [Fixture.needs("db", restarts: true)])
        )
        project.volumes = [
            DesiredResource(name: "demo_data", configHash: "new", isExternal: false)
        ]
        project.services[0].volumes = ["demo_data"]
        var database = Fixture.container("db")
        database.record.volumes = [
            VolumeUse(name: "demo_data", target: "/data", isAnonymous: false)
        ]
        let snapshot = Snapshot(
            containers: [database, Fixture.container("api")],
            networks: [Fixture.network],
            volumes: [ExistingResource(name: "demo_data", configHash: "old", project: "demo")]
        )
        #expect(project.changedVolumes(in: snapshot) == ["demo_data"])
        #expect(
            try Fixture.plan(project, from: snapshot).story == [
                "0 keep old-db-1", "1 keep old-api-1",
            ]
        )
        let plan = try Fixture.plan(project, from: snapshot) {
            $0.renewedVolumes = ["demo_data"]
        }
        #expect(
            plan.story == [
                "0 stop old-db-1 <- 6",
                "1 remove old-db-1 <- 0",
                "2 remove volume demo_data <- 1",
                "3 create volume demo_data <- 2",
                "4 create demo-db-1 <- 3",
                "5 start new-1 <- 4",
                "6 stop old-api-1",
                "7 start old-api-1 <- 5,6",
            ]
        )
    }
}
