import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

@testable import Orchestrator

/// The keeper while no supervisor runs.
@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct KeeperTests {
    /// A script that executes `words` on SIGTERM.
    private func lastWords(_ words: String) -> String {
        "trap '\(words)' TERM; echo ready; while true; do sleep 0.05; done"
    }

    @Test func `the keeper saves output and status of exited containers, and exits with the last`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let job = try fixture.make("job", lastWords("seq 1 3000; seq 1 9 >&2; exit 3"))
            let shell = try fixture.make("shell", lastWords("seq 1 100; exit 0")) {
                $0.hasTerminal = true
            }
            let before = Timestamp.now
            for record in [job, shell] {
                try await fixture.start(record)
                try await fixture.waitForOutput("ready", of: record)
            }
            let keeper = try ProcessHandle(pid: try #require(try fixture.pid(of: "keep")))
            try await fixture.withoutSupervisor(after: .terminate) {
                for record in [job, shell] {
                    let pid = try #require(try fixture.state(record).pid)
                    try ProcessHandle(pid: pid).send(.terminate)
                }
                let number = keeper.descriptor.number
                try await BackgroundThread.run { _ = try Readiness.wait(for: [number]) }
            }
            #expect(!FileSystem.exists(fixture.files.run.appending("keeper.sock")))
            let events = try await fixture.client.events(since: before)
            var codes: [String: Int32?] = [:]
            for await event in events {
                if case .died(let code, _) = event.kind { codes[event.container] = code }
                if codes.count == 2 { break }
            }
            let said = try fixture.log(job)
            #expect(said.count == 3010)
            #expect(said.compactMap { Int($0) }.filter { $0 > 9 }.elementsEqual(10...3000))
            let shown = try fixture.log(shell)
            #expect(shown.elementsEqual(["ready\r"] + (1...100).map { "\($0)\r" }))
            for (record, expected) in [(job, 3 as Int32), (shell, 0)] {
                let code = try #require(codes[record.id])
                #expect(
                    isExitCodeOfNonChild(code, expected: expected),
                    "\(record.service): \(code as Any)"
                )
            }
        }
    }

    @Test func `the keeper stays while other processes outlive the first one`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let script = "exec 3<&0; read one; (read two <&3; echo late) & exit 0"
            let record = try fixture.make("parent", script) { $0.keepsInputOpen = true }
            try fixture.shareProcesses(record)
            try await fixture.start(record)
            let first = try ProcessHandle(pid: try #require(try fixture.state(record).pid))
            try await fixture.withoutSupervisor {
                let input = try fixture.input(record)
                try input.write(Array("one\n".utf8))
                let number = first.descriptor.number
                try await BackgroundThread.run { _ = try Readiness.wait(for: [number]) }
                let group = Cgroup("/\(fixture.project)/\(record.id)", in: try .discover())
                let left = try ProcessHandle(pid: try #require(try group.processes().first))
                try input.write(Array("two\n".utf8))
                let other = left.descriptor.number
                try await BackgroundThread.run { _ = try Readiness.wait(for: [other]) }
                #expect(try fixture.pid(of: "keep") != nil)
            }
            try await fixture.stop(record)
            #expect(try fixture.log(record) == ["late"])
        }
    }
}

extension SupervisorFixture {
    /// Makes a container share the PID namespace of the host.
    fileprivate func shareProcesses(_ record: ContainerRecord) throws {
        let path = files.container(record.id).specification
        var specification = try JSONFile.read(RuntimeSpecification.self, from: path)
        specification.linux?.namespaces?.removeAll { $0.type == .pid }
        try JSONFile.write(specification, to: path)
    }
}
