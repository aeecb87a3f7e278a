import Testing

@testable import Orchestrator

struct StopPlannerTests {
    private let containers = [
        Fixture.container("db"),
        Fixture.container("api", dependsOn: "db:service_healthy:false"),
        Fixture.container("web", dependsOn: "api:service_started:false"),
    ]

    @Test func `dependents stop before their dependencies`() {
        #expect(
            StopPlanner.stop(containers).summary == [
                "0 stop old-db-1 <- 1", "1 stop old-api-1 <- 2", "2 stop old-web-1",
            ]
        )
    }

    @Test func `starting waits for the conditions in the labels`() {
        #expect(
            StopPlanner.start(containers.reversed()).summary == [
                "0 start old-db-1", "1 await old-db-1 healthy <- 0", "2 start old-api-1 <- 1",
                "3 start old-web-1 <- 2",
            ]
        )
    }

    @Test func `start with a wait ends when all run, are healthy or have completed`() {
        let containers = [
            Fixture.container("job"),
            Fixture.container("web", dependsOn: "job:service_completed_successfully:false"),
        ]
        #expect(
            StopPlanner.start(containers, waits: true).summary == [
                "0 start old-job-1", "1 await old-job-1 completed <- 0",
                "2 start old-web-1 <- 1", "3 await old-job-1 completed <- 0",
                "4 await old-web-1 ready <- 2",
            ]
        )
    }

    @Test func `down removes networks and volumes after the containers`() {
        let plan = StopPlanner.down(
            [Fixture.container("db"), Fixture.container("old", status: .exited)],
            networks: ["demo_default"],
            volumes: ["demo_data"]
        )
        #expect(
            plan.summary == [
                "0 stop old-db-1", "1 remove old-db-1 <- 0", "2 remove old-old-1",
                "3 remove network demo_default <- 1,2", "4 remove volume demo_data <- 1,2",
            ]
        )
    }

    @Test func `a selection is widened by dependencies or dependents`() {
        let selection = ProjectChange.Selection(services: ["api"])
        #expect(selection.withDependencies(among: containers).services == ["api", "db"])
        #expect(selection.withDependents(among: containers).services == ["api", "web"])
        let all = ProjectChange.Selection()
        #expect(all.withDependencies(among: containers) == all)
    }

    @Test func `a cycle in the labels is followed only once`() {
        let circle = [
            Fixture.container("a", dependsOn: "b:service_started:false"),
            Fixture.container("b", dependsOn: "a:service_started:false"),
        ]
        #expect(StopPlanner.start(circle).operations.count == 2)
    }
}
