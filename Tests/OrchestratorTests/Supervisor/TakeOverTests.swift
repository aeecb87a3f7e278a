import ContainerNetwork
import ContainerRuntime
import Linux
import OCI
import SystemPackage
import Testing

@testable import Orchestrator

@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct TakeOverTests {
    @Test func `repeatedly killed supervisors neither lose nor repeat a line`() async throws {
        try await SupervisorFixture.with { fixture in
            let script = """
                i=0; while [ $i -lt 20000 ]; do echo $i; echo $i >&2; i=$((i+1)); done
                echo done; sleep 1000
                """
            let record = try fixture.make("talker", script) {
                $0.logging = .files(maximumSize: 50_000, count: 1000)
            }
            try await fixture.start(record)
            let pid = try #require(try fixture.state(record).pid)
            for _ in 0..<15 {
                try await fixture.killSupervisor(after: .random(in: 0...40))
                try await fixture.start(record)
            }
            try await fixture.waitForLine("done", of: record)
            #expect(try fixture.state(record).pid == pid)
            try await fixture.stop(record)
            var streams: [[String]] = [[], []]
            let source = LogSource(
                container: record.id,
                log: fixture.files.container(record.id).log
            )
            try LogReader([source]).run { line in
                streams[line.stream.rawValue].append(String(decoding: line.text, as: UTF8.self))
            }
            let expected = (0..<20000).map(String.init)
            #expect(streams[0].elementsEqual(expected + ["done"]))
            #expect(streams[1].elementsEqual(expected))
        }
    }

    @Test func `a constantly restarting container survives its supervisors`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let script = """
                busybox mkdir /tmp/lock || echo overlap
                echo run; busybox rmdir /tmp/lock; sleep 0.01; exit 1
                """
            let record = try fixture.make("flaky", script) { $0.restart = .always }
            try await fixture.start(record)
            for _ in 0..<15 {
                try await fixture.killSupervisor(after: .random(in: 0...250))
                // Connecting starts a supervisor that takes over.
                _ = try await fixture.client.events()
            }
            // Docker's back-off determines the number of runs by now.
            try await fixture.waitForLines(4, of: record)
            try await fixture.stop(record)
            let lines = try fixture.log(record)
            #expect(!lines.contains("overlap"))
            #expect(lines.count > 3, "\(lines)")
            let state = try fixture.state(record)
            #expect(state.status == .exited)
            #expect(state.pid == nil)
            #expect(try fixture.commands(of: record).isEmpty)
        }
    }

    @Test func `an exit without a supervisor is reported by the next one`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000")
            try await fixture.start(record)
            let before = Timestamp.now
            let pid = try #require(try fixture.state(record).pid)
            try await fixture.withoutSupervisor {
                let process = try ProcessHandle(pid: pid)
                try process.send(.kill)
                try await BackgroundThread.run { try Self.waitForEnd(of: pid) }
            }
            let events = try await fixture.client.events(since: before)
            let died = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            guard case .died(let code, nil) = died?.kind else {
                Issue.record("the exit was not reported: \(died as Any)")
                return
            }
            #expect(isExitCodeOfNonChild(code, expected: 137), "\(code as Any)")
            #expect(try fixture.state(record).status == .exited)
        }
    }

    @Test func `the exit code of a container that was taken over is reported`() async throws {
        try await SupervisorFixture.with { fixture in
            let script = "trap 'exit 42' TERM; echo ready; while true; do sleep 0.05; done"
            let record = try fixture.make("web", script)
            try await fixture.start(record)
            try await fixture.waitForLine("ready", of: record)
            try await fixture.killSupervisor(after: 0)
            try await fixture.stop(record)
            #expect(try fixture.state(record).exitCode == 42)
        }
    }

    @Test func `a supervisor that is killed before reporting readiness is started again`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let killed = fixture.root.appending("killed")
            let client = try fixture.client(startedBy: "mkdir \(killed) && kill -KILL $$")
            let record = try fixture.make("web", "sleep 1000")
            try await client.request(.start(container: record.id))
            await client.close()
            #expect(FileSystem.exists(killed))
            #expect(try fixture.state(record).status == .running)
        }
    }

    @Test func `missed exits are reported after a supervisor restart`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000")
            try await fixture.start(record)
            let process = try ProcessHandle(pid: try #require(try fixture.state(record).pid))
            let events = try await fixture.client.events()
            try await fixture.withoutSupervisor {
                try process.send(.kill)
                let number = process.descriptor.number
                try await BackgroundThread.run { _ = try Readiness.wait(for: [number]) }
                // As `down` does, which removes the journal too.
                try ContainerStore(fixture.paths).remove(record.id, of: fixture.project)
            }
            let died = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            #expect(died?.container == record.id)
            let group = Cgroup("/\(fixture.project)/\(record.id)", in: try .discover())
            try group.remove()
        }
    }

    @Test func `a supervisor that always dies is not started forever`() async throws {
        try await SupervisorFixture.with { fixture in
            let client = try fixture.client(startedBy: "kill -KILL $$")
            let error = await #expect(throws: SupervisorError.self) {
                try await client.request(.start(container: "any"))
            }
            #expect(error?.problem == .keepsEnding)
        }
    }

    @Test func `names and ports are served after a supervisor's death`() async throws {
        try await SupervisorFixture.with { fixture in
            let network = "\(fixture.project)_net"
            try fixture.networks.create(.init(name: network))
            let script = "while true; do echo pong | nc -l -p 80; done"
            let server = try fixture.make("db", script, networks: [network]) {
                $0.ports = [PublishedPort(test: 0, to: 80)]
            }
            try await fixture.start(server)
            let port = try #require(try fixture.state(server).ports.first?.hostPorts.lowerBound)
            try await fixture.killSupervisor(after: 0)
            let ask = "nslookup db 2>&1 | busybox grep -c Name; exit 0"
            let client = try fixture.make("web", ask, networks: [network])
            let events = try await fixture.client.events()
            try await fixture.start(client)
            _ = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            let answers = try fixture.log(client)
            #expect(answers == ["1"])
            #expect(try fixture.state(server).ports.first?.hostPorts == port...port)
            let other = try fixture.make("rival", "sleep 1000", networks: [network]) {
                $0.ports = [PublishedPort(test: port, to: 80)]
            }
            let error = await #expect(throws: SupervisorError.self) {
                try await fixture.start(other)
            }
            let message = "in use by service db of project \(fixture.project)"
            #expect(error?.description.contains(message) == true)
        }
    }

    @Test func `hooks interrupted by a supervisor's death are killed and run again`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000") {
                $0.postStart = [
                    HookCommand(
                        command: ["/bin/sh", "-c", "echo hook > /proc/1/fd/1; sleep 888"],
                        environment: [],
                        isPrivileged: false
                    )
                ]
            }
            let start = Task { try await fixture.start(record) }
            try await fixture.waitForLine("hook", of: record)
            try await fixture.killSupervisor(after: 0)
            // The command repeats its request to the next supervisor, whose hook is the second.
            try await fixture.waitForLines(2, of: record)
            let hooks = try fixture.commands(of: record).filter { $0 == "sleep 888 " }
            #expect(hooks.count <= 1)
            try await fixture.stop(record)
            // If it is repeated late, the request may follow the stop, and then waits for the hook.
            start.cancel()
            _ = await start.result
            #expect(try fixture.log(record).prefix(2) == ["hook", "hook"])
        }
    }

    @Test func `the remains of an interrupted start are cleaned up`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000")
            try FileSystem.makeDirectories(fixture.files.spool(record.id))
            let group = Cgroup("/\(fixture.project)/\(record.id)", in: try .discover())
            let directories = ["unified", "pids"].map {
                FilePath("/sys/fs/cgroup/\($0)\(group.path)")
            }.filter { FileSystem.exists($0.removingLastComponent().removingLastComponent()) }
            for directory in directories { try FileSystem.makeDirectories(directory) }
            try await fixture.stop(record)
            #expect(!FileSystem.exists(fixture.files.spool(record.id)))
            for directory in directories { #expect(!FileSystem.exists(directory)) }
        }
    }

    @Test func `a terminated supervisor leaves its containers running`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000")
            try await fixture.start(record)
            let pid = try #require(try fixture.state(record).pid)
            let supervisor = try #require(try fixture.supervisorPID())
            try ProcessHandle(pid: supervisor).send(.terminate)
            try await BackgroundThread.run { try Self.waitForEnd(of: supervisor) }
            #expect(try ProcessHandle(pid: pid).isRunning())
            try await fixture.start(record)
            #expect(try fixture.state(record).pid == pid)
        }
    }

    private static func waitForEnd(of pid: Int32) throws {
        let loop = try EventLoop()
        do throws(SystemCallError) {
            let process = try ProcessHandle(pid: pid)
            try loop.watch(process.descriptor.number) { _ in loop.stop() }
            try loop.run()
        } catch {
            // It has exited already.
        }
    }
}

extension SupervisorFixture {
    /// Ends the supervisor and keeps the next one from being started while `body` runs.
    func withoutSupervisor(
        after signal: Signal = .kill,
        _ body: () async throws -> Void
    ) async throws {
        let lock = try FileLock(waitingFor: files.startingLock)
        try await killSupervisor(after: 0, with: signal)
        try await body()
        lock.whileHeld {}
    }

    /// Sends the supervisor a signal after a delay, and waits for its end.
    func killSupervisor(after milliseconds: Int, with signal: Signal = .kill) async throws {
        guard let pid = try supervisorPID() else { return }
        try await BackgroundThread.run {
            let loop = try EventLoop()
            let process = try ProcessHandle(pid: pid)
            try loop.watch(process.descriptor.number) { _ in loop.stop() }
            loop.after(.milliseconds(milliseconds)) {
                // The supervisor may have exited by itself.
                try? process.send(signal)
            }
            try loop.run()
        }
    }
}

extension PublishedPort {
    init(test port: UInt16, to containerPort: UInt16) {
        self.init(
            hostAddress: "",
            hostPorts: port...port,
            containerPort: containerPort,
            transport: "tcp"
        )
    }
}

extension SupervisorFixture {
    /// A client whose supervisors first execute `script`.
    fileprivate func client(startedBy script: String) throws -> SupervisorClient {
        let program = root.appending("program")
        let text = "#!/bin/sh\n\(script)\nexec \(Self.executable) \"$@\"\n"
        try AtomicFile.write(Array(text.utf8), to: program, mode: 0o755)
        return SupervisorClient(project: project, paths: paths, executable: program)
    }
}
