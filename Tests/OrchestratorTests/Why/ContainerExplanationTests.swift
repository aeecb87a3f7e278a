import OCI
import Testing

@testable import Orchestrator

struct ContainerExplanationTests {
    @Test(
        arguments: [
            (0, "it completed successfully"), (1, "it failed with exit code 1"),
            (127, "it exited (127): its command was not found"),
            (139, "it was ended by SIGSEGV, an invalid memory access (139)"),
            (nil, "it exited with an unknown status, since no supervisor was running"),
        ] as [(Int32?, String)]
    )
    func `an exit code is explained`(code: Int32?, expected: String) {
        var container = Fixture.container("web", status: .exited)
        container.state.exitCode = code
        #expect(explanation(container).reason == expected)
    }

    @Test func `a container that exceeded its memory limit is explained with the limit`() {
        var container = Fixture.container("web", status: .exited)
        container.state.exitCode = 137
        container.state.wasKilledForMemory = true
        let explained = ContainerExplanation(
            container,
            among: [],
            .init(memoryLimit: 64 << 20, lastLines: ["allocating"])
        )
        #expect(
            explained.reason
                == "it was killed (137): its processes exceeded the memory limit of 64m"
        )
        #expect(explained.lastLines == ["allocating"])
    }

    @Test func `a container that was not started names what it waits for`() {
        var database = Fixture.container("db")
        database.state.health = .starting
        let web = Fixture.container("web", status: .created, dependsOn: "db:service_healthy:false")
        let explained = ContainerExplanation(web, among: [database, web], .init())
        #expect(explained.waitsFor == ["demo-db-1 to be healthy (running)"])
        #expect(explained.reason == "it has not been started yet")
    }

    @Test func `the output of a container that runs well is not shown`() {
        let explained = ContainerExplanation(
            Fixture.container("web"),
            among: [],
            .init(lastLines: ["x"])
        )
        #expect(explained.reason == "it runs")
        #expect(explained.lastLines.isEmpty)
    }

    @Test func `only containers that failed after a moment count as failing`() throws {
        let start = try Timestamp("2026-01-01T12:00:00Z")
        var container = Fixture.container("web", status: .exited)
        container.state.exitCode = 3
        container.state.finishedAt = try Timestamp("2026-01-01T12:00:01Z")
        #expect(ContainerExplanation.isFailing(container, since: start))
        container.state.finishedAt = try Timestamp("2026-01-01T11:59:59Z")
        #expect(!ContainerExplanation.isFailing(container, since: start))
        var unhealthy = Fixture.container("web")
        #expect(!ContainerExplanation.isFailing(unhealthy, since: start))
        unhealthy.state.health = .unhealthy
        #expect(ContainerExplanation.isFailing(unhealthy, since: start))
    }

    private func explanation(_ container: ExistingContainer) -> ContainerExplanation {
        ContainerExplanation(container, among: [container], .init())
    }
}
