import Linux
import TestSupport
import Testing

@testable import Orchestrator

@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct AbandonedExecTests {
    @Test func `a container ends although callers of exec disconnected at any moment`() async throws
    {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000")
            try await fixture.start(record)
            let supervisor = try fixture.supervisorPID()
            var generator = SeededGenerator(seed: 7)
            for _ in 0..<300 {
                let socket = try MessageSocket.connect(to: fixture.files.execSocket)
                for part in ExecRequest(service: "web", command: ["sleep", "1000"]).parts {
                    try socket.send(part)
                }
                try socket.send([ExecRequest.Part.end])
                for _ in 0..<Int.random(in: 0..<3_000, using: &generator) { await Task.yield() }
            }
            // An unreaped command would keep the container's first process from ending.
            try await fixture.stop(record, grace: .zero)
            #expect(try fixture.state(record).status == .exited)
            #expect(try fixture.supervisorPID() == supervisor)
        }
    }
}
