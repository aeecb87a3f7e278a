import ComposeFile
import Testing

@testable import Conversion
@testable import Swarm

struct ConvergenceTests {
    private static func value(_ text: String) throws -> Value {
        try #require(Value(parsingJSON: text))
    }

    private static func state(
        _ service: String,
        _ tasks: String,
        isJob: Bool = false
    ) async throws -> Convergence.State {
        try await EngineClient.with(try host()) { client in
            let stack = SwarmStack.Service(
                key: "web",
                name: "demo_web",
                image: "web",
                specification: .null,
                dependencies: [],
                replicas: 1,
                isJob: isJob
            )
            let convergence = Convergence(
                client: client,
                service: stack,
                id: "1",
                formerUpdate: "t0",
                progress: { _, _, _, _ in }
            )
            return try convergence.state(try value(service), try value(tasks).elements)
        }
    }

    private static func host() throws -> EngineHost {
        try EngineHost(
            EngineHost.Choice(host: "unix:///x", context: nil, environment: [:], read: { _ in nil })
        )
    }

    private static let service = "{\"Spec\":{\"TaskTemplate\":{\"A\":1,\"Runtime\":\"container\"}}}"

    private static func task(_ version: Int, _ state: String, desired: String = "running") -> String
    {
        "{\"Spec\":{\"A\":\(version)},\"DesiredState\":\"\(desired)\","
            + "\"Status\":{\"State\":\"\(state)\",\"Err\":\"broken\"}}"
    }

    @Test func `a service has converged when its current tasks run`() async throws {
        let task = Self.task(1, "running")
        #expect(try await Self.state(Self.service, "[\(task)]") == .converged)
    }

    @Test func `tasks of the former specification do not count`() async throws {
        let state = try await Self.state(Self.service, "[\(Self.task(0, "running"))]")
        #expect(state == .waiting("0 of 1 tasks"))
    }

    @Test func `a job has converged when it is complete`() async throws {
        let running = "[\(Self.task(1, "running"))]"
        #expect(
            try await Self.state(Self.service, running, isJob: true) == .waiting("0 of 1 tasks")
        )
        let complete = "[\(Self.task(1, "complete", desired: "shutdown"))]"
        #expect(try await Self.state(Self.service, complete, isJob: true) == .converged)
    }

    @Test func `a failed update is reported, but not the one before`() async throws {
        let update = { (time: String) in
            "{\"UpdateStatus\":{\"State\":\"rollback_completed\",\"StartedAt\":\"\(time)\","
                + "\"Message\":\"rolled back\"},\"Spec\":{\"TaskTemplate\":{\"A\":1}}}"
        }
        let tasks = "[\(Self.task(1, "running"))]"
        #expect(try await Self.state(update("t0"), tasks) == .converged)
        await #expect(throws: EngineError.self) { try await Self.state(update("t1"), tasks) }
    }

    @Test func `tasks that fail again and again are reported`() async throws {
        let failed = Self.task(1, "failed", desired: "shutdown")
        await #expect(throws: EngineError.tasksFail(service: "demo_web", message: "broken")) {
            try await Self.state(Self.service, "[\(failed),\(failed),\(failed)]")
        }
    }
}
