import Testing

@testable import Orchestrator

struct UpPlannerTests {
    @Test func `networks are created first and dependencies started first`() throws {
        let project = Fixture.project(
            Fixture.service("db"),
            Fixture.service("api", after: [Fixture.needs("db", .healthy)])
        )
        #expect(
            try Fixture.plan(project).summary == [
                "0 create network demo_default",
                "1 create demo-db-1 <- 0",
                "2 start new-1 <- 1",
                "3 await new-1 healthy <- 2",
                "4 create demo-api-1 <- 0",
                "5 start new-2 <- 3,4",
            ]
        )
    }

    @Test func `a container with volumes_from is created after its source`() throws {
        var borrower = Fixture.service("api")
        borrower.lenders = ["db"]
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db"), borrower))
        #expect(plan.summary.contains("3 create demo-api-1 <- 0,1"), "\(plan.summary)")
    }

    @Test func `a running container that is up to date is kept`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("db")],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(plan.summary == ["0 keep old-db-1"])
    }

    @Test func `an exited container is started again`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("db", status: .exited)],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(plan.summary == ["0 start old-db-1"])
    }

    @Test func `a container that a killed command was stopping is started again`() throws {
        var container = Fixture.container("db")
        container.state.wasStoppedByHand = true
        let snapshot = Snapshot(containers: [container], networks: [Fixture.network])
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(plan.summary == ["0 start old-db-1"])
    }

    @Test func `the new container is created before the old one stops`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("db", hash: "0")],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(
            plan.summary == [
                "0 create demo-db-1 for old-db-1",
                "1 stop old-db-1 <- 0",
                "2 remove old-db-1 <- 1",
                "3 start new-1 <- 2",
            ]
        )
        #expect(plan.operations[0].cause == .configurationChanged)
    }

    @Test func `dependents with restart stop before and start after a replacement`() throws {
        let project = Fixture.project(
            Fixture.service("db"),
            Fixture.service("api", after: [Fixture.needs("db", restarts: true)])
        )
        let snapshot = Snapshot(
            containers: [Fixture.container("db", hash: "0"), Fixture.container("api")],
            networks: [Fixture.network]
        )
        #expect(
            try Fixture.plan(project, from: snapshot).summary == [
                "0 create demo-db-1 for old-db-1",
                "1 stop old-db-1 <- 0,4",
                "2 remove old-db-1 <- 1",
                "3 start new-1 <- 2",
                "4 stop old-api-1",
                "5 start old-api-1 <- 3,4",
            ]
        )
    }

    @Test func `scaling down removes outdated replicas first, then the highest numbers`() throws {
        let containers = [
            Fixture.container("web", 1), Fixture.container("web", 2, hash: "0"),
            Fixture.container("web", 3),
        ]
        let snapshot = Snapshot(containers: containers, networks: [Fixture.network])
        let project = Fixture.project(Fixture.service("web", replicas: 1))
        #expect(
            try Fixture.plan(project, from: snapshot).summary == [
                "0 stop old-web-2",
                "1 remove old-web-2 <- 0",
                "2 stop old-web-3",
                "3 remove old-web-3 <- 2",
                "4 keep old-web-1",
            ]
        )
    }

    @Test func `scaling up numbers replicas from the highest number`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("web", 3)],
            networks: [Fixture.network]
        )
        let project = Fixture.project(Fixture.service("web", replicas: 2))
        #expect(
            try Fixture.plan(project, from: snapshot).summary == [
                "0 keep old-web-3", "1 create demo-web-4", "2 start new-1 <- 1",
            ]
        )
    }

    @Test func `a container left beside its successor by an interruption is removed`() throws {
        let snapshot = Snapshot(
            containers: [
                Fixture.container("db", id: "older", created: 1),
                Fixture.container("db", id: "newer", created: 2),
            ],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot)
        #expect(plan.summary == ["0 stop older", "1 remove older <- 0", "2 keep newer"])
    }

    @Test func `orphans are removed only on request`() throws {
        let snapshot = Snapshot(
            containers: [Fixture.container("gone"), Fixture.container("db")],
            networks: [Fixture.network]
        )
        let project = Fixture.project(Fixture.service("db"))
        #expect(try Fixture.plan(project, from: snapshot).summary == ["0 keep old-db-1"])
        let plan = try Fixture.plan(project, from: snapshot) { $0.removesOrphans = true }
        #expect(
            plan.summary == ["0 stop old-gone-1", "1 remove old-gone-1 <- 0", "2 keep old-db-1"]
        )
    }

    @Test(
        arguments: [
            (false, .whenChanged, ["keep old-db-1", "keep old-api-1"]),
            (true, .whenChanged, ["create demo-db-1 for old-db-1", "keep old-api-1"]),
            (false, .always, ["keep old-db-1", "create demo-api-1 for old-api-1"]),
        ] as [(Bool, UpPlanner.Options.Recreation, [String])]
    )
    func `dependencies are recreated only with --always-recreate-deps`(
        recreatesDependencies: Bool,
        recreation: UpPlanner.Options.Recreation,
        actions: [String]
    ) throws {
        var project = Fixture.project(
            Fixture.service("db"),
            Fixture.service("api", after: [Fixture.needs("db")])
        )
        project.services[0].isTargeted = false
        let snapshot = Snapshot(
            containers: [Fixture.container("db"), Fixture.container("api")],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(project, from: snapshot) { options in
            options.recreatesDependencies = recreatesDependencies
            options.recreation = recreation
        }
        let summary = plan.summary.map { $0.drop { $0 != " " }.dropFirst() }
        #expect(
            summary.filter { $0.hasPrefix("keep") || $0.hasPrefix("create") }
                == actions.map { $0[...] }
        )
    }

    @Test func `an outdated dependency is kept with --no-recreate`() throws {
        var project = Fixture.project(Fixture.service("db"))
        project.services[0].isTargeted = false
        let snapshot = Snapshot(
            containers: [Fixture.container("db", hash: "0")],
            networks: [Fixture.network]
        )
        let plan = try Fixture.plan(project, from: snapshot) { $0.recreation = .never }
        #expect(plan.summary == ["0 keep old-db-1"])
    }

    @Test(
        arguments: [
            ("old-vpn-1", "1", ["keep old-vpn-1", "keep old-side-1"]),
            (nil, "1", ["keep old-vpn-1", "keep old-side-1"]),
            ("gone", "1", ["keep old-vpn-1", "create demo-side-1 for old-side-1"]),
            (
                "old-vpn-1", "0",
                ["create demo-vpn-1 for old-vpn-1", "create demo-side-1 for old-side-1"]
            ),
            (
                nil, "0",
                ["create demo-vpn-1 for old-vpn-1", "create demo-side-1 for old-side-1"]
            ),
        ] as [(String?, String, [String])]
    )
    func `a borrower is recreated with its lender`(
        known: String?,
        hash: String,
        actions: [String]
    ) throws {
        var borrower = Fixture.service("side", after: [Fixture.needs("vpn", restarts: true)])
        borrower.lenders = ["vpn"]
        borrower.networks = []
        var side = Fixture.container("side")
        side.record.network = .container("demo-vpn-1")
        side.record.lenders = known.map { ["vpn": $0] }
        let snapshot = Snapshot(
            containers: [Fixture.container("vpn", hash: hash), side],
            networks: [Fixture.network]
        )
        let project = Fixture.project(Fixture.service("vpn"), borrower)
        let plan = try Fixture.plan(project, from: snapshot)
        #expect(plan.summary.map(\.withoutNumbers).filter(actions.contains) == actions)
    }

    @Test func `--wait waits for the completion of a one-shot dependency`() throws {
        let project = Fixture.project(
            Fixture.service("init"),
            Fixture.service("app", after: [Fixture.needs("init", .completed)])
        )
        let plan = try Fixture.plan(project) { $0.waits = true }
        let waits = plan.summary.map(\.withoutNumbers).filter { $0.hasPrefix("await") }
        #expect(waits.suffix(2) == ["await new-1 completed", "await new-2 ready"])
    }

    @Test func `create creates containers without starting them`() throws {
        let plan = try Fixture.plan(Fixture.project(Fixture.service("db"))) { $0.starts = false }
        #expect(plan.summary == ["0 create network demo_default", "1 create demo-db-1 <- 0"])
    }

    @Test func `a missing external network is rejected before any operation`() {
        var project = Fixture.project(Fixture.service("db"))
        project.networks = [
            DesiredResource(name: "shared", configHash: "", isExternal: true)
        ]
        #expect(throws: OrchestratorError.externalNetworkMissing("shared")) {
            try Fixture.plan(project)
        }
    }

    @Test func `a changed network is recreated while no container is attached`() throws {
        let changed = ExistingResource(name: "demo_default", configHash: "0", project: "demo")
        let snapshot = Snapshot(containers: [Fixture.container("db")], networks: [changed])
        #expect(
            try Fixture.plan(Fixture.project(Fixture.service("db")), from: snapshot).summary == [
                "0 stop old-db-1",
                "1 remove network demo_default <- 0",
                "2 create network demo_default <- 1",
                "3 start old-db-1 <- 2",
            ]
        )
    }

    @Test func `a changed volume is recreated only if the user agrees`() throws {
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
            try Fixture.plan(project, from: snapshot).summary == [
                "0 keep old-db-1", "1 keep old-api-1",
            ]
        )
        let plan = try Fixture.plan(project, from: snapshot) {
            $0.recreatedVolumes = ["demo_data"]
        }
        #expect(
            plan.summary == [
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

extension String {
    /// A line of a plan's summary without its number and the operations it waits for.
    fileprivate var withoutNumbers: String {
        let action = drop { $0 != " " }.dropFirst()
        return String(
            action.prefix(upTo: action.firstRange(of: " <-")?.lowerBound ?? action.endIndex)
        )
    }
}
