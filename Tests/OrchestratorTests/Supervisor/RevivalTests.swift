import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

@testable import Orchestrator

struct RevivalDelayTests {
    @Test func `the first supervisor is started at once, later ones after increasing delays`() {
        var revival = Revival()
        var delays: [Duration?] = []
        for _ in 0..<11 {
            revival.supervisorEnded(after: .milliseconds(5))
            delays.append(revival.delay)
        }
        let milliseconds = [0, 100, 200, 400, 800, 1600, 3200, 6400, 12800]
        #expect(delays == milliseconds.map { .milliseconds($0) } + [nil, nil])
    }

    @Test func `a long run ends a series of failures`() {
        var revival = Revival()
        for _ in 0..<5 { revival.supervisorEnded(after: .zero) }
        revival.supervisorEnded(after: .seconds(10))
        #expect(revival.delay == .zero)
    }
}

/// The keeper as the starter of the next supervisor.
@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct RevivalTests {
    @Test func `a killed supervisor is replaced without a command`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000") { $0.restart = .always }
            try await fixture.start(record)
            let before = try fixture.state(record)
            await fixture.client.close()
            try await fixture.killSupervisor(after: 0)
            // Only a supervisor reaps the process and starts the next one.
            try ProcessHandle(pid: try #require(before.pid)).send(.kill)
            try await fixture.waitForState(of: record) {
                $0.status == .running && $0.restartCount == 1
            }
            #expect(try fixture.supervisorPID() != nil)
        }
    }

    @Test func `a restart takes place although the supervisor dies before it is due`() async throws
    {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("flaky", "echo run; exit 1") {
                $0.restart = .onFailure(limit: 1)
                $0.restartPacing = RestartPacing(delay: .seconds(3))
            }
            try await fixture.start(record)
            try await fixture.waitForState(of: record) { $0.status == .restarting }
            await fixture.client.close()
            try await fixture.killSupervisor(after: 0)
            try await fixture.waitForState(of: record) {
                $0.status == .exited && $0.restartCount == 1
            }
        }
    }

    @Test func `a container that exits between two supervisors is restarted`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000") { $0.restart = .always }
            try await fixture.start(record)
            await fixture.client.close()
            let before = try fixture.state(record)
            try await fixture.withoutSupervisor {
                let pid = try #require(before.pid)
                let process = try ProcessHandle(pid: pid)
                try process.send(.kill)
                let spool = fixture.files.spool(record.id)
                // The keeper saves the exit status, and stays for the restart.
                try await fixture.waitForEntry("end", in: spool)
                #expect(try fixture.pid(of: "keep") != nil)
            }
            try await fixture.waitForState(of: record) {
                $0.status == .running && $0.restartCount == 1
            }
        }
    }

    @Test func `a supervisor that was asked to end is replaced by a command only`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make(
                "web",
                "trap 'exit 3' TERM; echo ready; sleep 1000 & wait"
            )
            try await fixture.start(record)
            try await fixture.waitForLine("ready", of: record)
            await fixture.client.close()
            try await fixture.killSupervisor(after: 0, with: .terminate)
            // The end of the last container ends the keeper, which starts nothing before.
            let keeper = try ProcessHandle(pid: try #require(try fixture.pid(of: "keep")))
            let pid = try #require(try fixture.state(record).pid)
            #expect(!SupervisorClient.isRunning(project: fixture.project, paths: fixture.paths))
            try ProcessHandle(pid: pid).send(.terminate)
            let number = keeper.descriptor.number
            try await BackgroundThread.run { _ = try Readiness.wait(for: [number]) }
            #expect(try fixture.state(record).status == .running)
            let next = SupervisorClient(
                project: fixture.project,
                paths: fixture.paths,
                executable: SupervisorFixture.executable
            )
            _ = try await next.events()
            let state = try fixture.state(record)
            #expect(state.status == .exited)
            #expect(isExitCodeOfNonChild(state.exitCode, expected: 3))
            await next.close()
        }
    }

    @Test func `names are served again while a resolver repeats its query`() async throws {
        try await SupervisorFixture.with { fixture in
            let network = "\(fixture.project)_net"
            try fixture.networks.create(.init(name: network))
            let script = """
                while read line; do nslookup web >/dev/null 2>&1 && echo found; done
                """
            let record = try fixture.make("web", script, networks: [network]) {
                $0.keepsInputOpen = true
            }
            try await fixture.start(record)
            let input = try fixture.input(record)
            await fixture.client.close()
            try await fixture.killSupervisor(after: 0)
            // nslookup asks again for some seconds, as resolvers do.
            try input.write(Array("ask\n".utf8))
            try await fixture.waitForLine("found", of: record)
        }
    }

    @Test func `no supervisor is started while another process is starting one`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000")
            try await fixture.start(record)
            let pid = try fixture.state(record).pid
            for _ in 0..<10 {
                try await fixture.killSupervisor(after: 0)
                try await fixture.start(record)
            }
            #expect(try fixture.state(record).pid == pid)
            #expect(try fixture.pids(of: "supervise").count == 1)
        }
    }
}

extension SupervisorFixture {
    /// Waits until the recorded state of a container satisfies `isWanted`.
    func waitForState(
        of record: ContainerRecord,
        _ isWanted: @escaping @Sendable (ContainerState) -> Bool
    ) async throws {
        let paths = files.container(record.id)
        try await BackgroundThread.run {
            let watcher = try FileWatcher()
            _ = try watcher.watch(paths.directory, for: .movedHere)
            while true {
                let state = try JSONFile.readIfPresent(ContainerState.self, from: paths.state)
                if let state, isWanted(state) { return }
                _ = try Readiness.wait(for: [watcher.descriptor.number])
                _ = try watcher.changes()
            }
        }
    }
}
