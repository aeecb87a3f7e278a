import ContainerNetwork
import Linux
import OCI
import SystemPackage
import Testing

@testable import Orchestrator

@Suite(.enabled(if: SupervisorFixture.obstacle == nil, "needs busybox and namespaces"))
struct SupervisorTests {
    @Test func `output and exit code of a container are recorded`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("job", "echo hello; echo bad >&2; exit 7")
            let events = try await fixture.client.events()
            try await fixture.start(record)
            let died = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            #expect(died?.kind == .died(exitCode: 7, restartsIn: nil))
            let state = try fixture.state(record)
            #expect(state.status == .exited)
            #expect(state.exitCode == 7)
            #expect(try fixture.log(record).sorted() == ["bad", "hello"])
        }
    }

    @Test(arguments: [
        ("exec /bin/nothing", 127 as Int32), ("exit 0", 0),
    ])
    func `the exit status of the shell is the container's`(script: String, code: Int32) async throws
    {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("job", script)
            let events = try await fixture.client.events()
            try await fixture.start(record)
            let died = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            #expect(died?.kind == .died(exitCode: code, restartsIn: nil))
        }
    }

    @Test func `a process that cannot take the stop signal is killed at once`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("deaf", "while true; do sleep 1000; done")
            try await fixture.start(record)
            // A supervisor that waited would do so until the test run times out.
            try await fixture.stop(record, grace: .seconds(1_000_000))
            #expect(try fixture.state(record).exitCode == 137)
            #expect(try fixture.state(record).wasStoppedByHand)
        }
    }

    @Test func `a process that handles the stop signal exits by itself`() async throws {
        try await SupervisorFixture.with { fixture in
            let script = "trap 'echo bye; exit 3' TERM; echo ready; while true; do sleep 0.05; done"
            let record = try fixture.make("polite", script)
            try await fixture.start(record)
            try await fixture.waitForLine("ready", of: record)
            try await fixture.stop(record)
            #expect(try fixture.state(record).exitCode == 3)
            #expect(try fixture.log(record) == ["ready", "bye"])
        }
    }

    @Test func `a failing container is restarted with increasing delays`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("flaky", "echo run; exit 1") {
                $0.restart = .onFailure(limit: 2)
            }
            let events = try await fixture.client.events()
            try await fixture.start(record)
            var delays: [Duration?] = []
            for await event in events {
                guard case .died(_, let delay) = event.kind else { continue }
                delays.append(delay)
                if delay == nil { break }
            }
            #expect(delays == [.milliseconds(100), .milliseconds(200), nil])
            #expect(try fixture.state(record).restartCount == 2)
            #expect(try fixture.log(record) == ["run", "run", "run"])
        }
    }

    @Test func `health probes run inside the container`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000") {
                $0.healthProbe = HealthProbe(
                    command: ["/bin/sh", "-c", "echo looking; test -e /tmp/ok"],
                    interval: .milliseconds(100),
                    timeout: .seconds(5),
                    startPeriod: .seconds(60),
                    startInterval: .milliseconds(50),
                    retries: 3
                )
            }
            let events = try await fixture.client.events()
            try await fixture.start(record)
            let started = try fixture.state(record)
            #expect(started.health == .starting)
            let root = "/proc/\(try #require(started.pid))/root"
            try FileSystem.makeDirectory(FilePath(root + "/tmp/ok"))
            let change = await fixture.event(in: events) { kind in
                if case .health = kind { true } else { false }
            }
            #expect(change?.kind == .health(.healthy))
            let state = try fixture.state(record)
            #expect(state.health == .healthy)
            #expect(state.probes.last?.output == "looking\n")
        }
    }

    @Test func `a container that a command waits for is healthy before its first interval`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000") {
                $0.healthProbe = HealthProbe(
                    command: ["/bin/sh", "-c", "test -e /tmp/ok || { echo > /tmp/no; exit 1; }"],
                    interval: .seconds(3600),
                    timeout: .seconds(5),
                    startPeriod: .zero,
                    startInterval: .seconds(5),
                    retries: 1
                )
            }
            let events = try await fixture.client.events()
            try await fixture.start(record)
            try await fixture.client.request(.hurryHealth(container: record.id))
            let tmp = FilePath("/proc/\(try #require(try fixture.state(record).pid))/root/tmp")
            try await fixture.waitForEntry("no", in: tmp)
            // One failure would be enough, but those of early probes do not count.
            #expect(try fixture.state(record).failingStreak == 0)
            #expect(try fixture.state(record).health == .starting)
            try FileSystem.makeDirectory(tmp.appending("ok"))
            let change = await fixture.event(in: events) { kind in
                switch kind {
                case .health, .probed: true
                default: false
                }
            }
            #expect(change?.kind == .probed(number: 0, of: 1, exitCode: 0, output: ""))
            #expect(try fixture.state(record).health == .healthy)
        }
    }

    @Test func `an early probe that hangs is ended when the regular one is due`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000") {
                $0.healthProbe = HealthProbe(
                    command: ["/bin/sleep", "777"],
                    interval: .milliseconds(300),
                    timeout: .milliseconds(200),
                    startPeriod: .zero,
                    startInterval: .seconds(5),
                    retries: 1
                )
            }
            let events = try await fixture.client.events()
            try await fixture.start(record)
            try await fixture.client.request(.hurryHealth(container: record.id))
            var results: [ContainerEvent.Kind] = []
            for await event in events {
                if case .started = event.kind { continue }
                results.append(event.kind)
                if case .health = event.kind { break }
            }
            // Only the regular probe counts, and one failure is enough.
            let output = "Health check exceeded timeout (200ms)"
            #expect(
                results == [
                    .probed(number: 1, of: 1, exitCode: -1, output: output), .health(.unhealthy),
                ]
            )
        }
    }

    @Test func `a probe that times out is killed with its descendants`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000") {
                $0.healthProbe = HealthProbe(
                    command: ["/bin/sh", "-c", "busybox setsid sleep 777 & sleep 777"],
                    interval: .milliseconds(50),
                    timeout: .milliseconds(100),
                    startPeriod: .zero,
                    startInterval: .seconds(5),
                    retries: 2
                )
            }
            let events = try await fixture.client.events()
            try await fixture.start(record)
            let change = await fixture.event(in: events) { kind in
                if case .health = kind { true } else { false }
            }
            #expect(change?.kind == .health(.unhealthy))
            #expect(try fixture.state(record).probes.last?.exitCode == -1)
            try await fixture.client.request(.pause(container: record.id))
            #expect(try fixture.commands(of: record).filter { $0.contains("777") }.isEmpty)
            try await fixture.client.request(.resume(container: record.id))
        }
    }

    @Test func `hooks run inside the container, after the start and before the stop`() async throws
    {
        try await SupervisorFixture.with { fixture in
            let script = "echo main; sleep 1000"
            let record = try fixture.make("web", script) {
                $0.postStart = [HookCommand(test: "echo after > /proc/1/fd/1")]
                $0.preStop = [HookCommand(test: "echo before > /proc/1/fd/1")]
            }
            try await fixture.start(record)
            try await fixture.stop(record)
            #expect(try Set(fixture.log(record)) == ["main", "after", "before"])
        }
    }

    @Test func `a container that exits during a hook is reported with its exit code`() async throws
    {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("brief", "sleep 0.1; exit 3") {
                $0.postStart = [HookCommand(test: "sleep 1000")]
            }
            for _ in 0..<5 {
                let error = await #expect(throws: SupervisorError.self) {
                    try await fixture.start(record)
                }
                #expect(error?.description.contains("exited with code 3 before its") == true)
                #expect(try fixture.state(record).exitCode == 3)
            }
        }
    }

    @Test func `a failed post_start hook stops the container and is reported`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000") {
                $0.postStart = [HookCommand(test: "echo no luck; exit 4")]
            }
            let error = await #expect(throws: SupervisorError.self) {
                try await fixture.start(record)
            }
            #expect(error?.description.contains("exit status 4: no luck") == true)
            #expect(try fixture.state(record).status == .exited)
        }
    }

    @Test func `a container can be paused and resumed`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "sleep 1000")
            try await fixture.start(record)
            try await fixture.client.request(.pause(container: record.id))
            #expect(try fixture.state(record).status == .paused)
            try await fixture.client.request(.resume(container: record.id))
            #expect(try fixture.state(record).status == .running)
        }
    }

    @Test func `a failed start reports its reason and exit code`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("web", "true", networks: ["absent"])
            let error = await #expect(throws: SupervisorError.self) {
                try await fixture.start(record)
            }
            #expect(error?.description.contains("absent") == true)
            #expect(error?.exitCode == 125)
            #expect(try fixture.state(record).failure?.contains("absent") == true)
        }
    }

    @Test func `containers of a network resolve each other by name`() async throws {
        try await SupervisorFixture.with { fixture in
            try fixture.networks.create(.init(name: "\(fixture.project)_net"))
            let net = ["\(fixture.project)_net"]
            let server = try fixture.make("db", "sleep 1000", networks: net)
            let client = try fixture.make("web", "nslookup db; cat /etc/hosts", networks: net)
            let events = try await fixture.client.events()
            try await fixture.start(server)
            try await fixture.start(client)
            _ = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            let address = try #require(try fixture.state(server).endpoints.first?.ipv4Address)
            let lines = try fixture.log(client)
            #expect(lines.contains { $0.contains(address) }, "\(lines)")
            #expect(lines.contains { $0.hasSuffix(String(client.id.prefix(12))) })
        }
    }

    @Test func `hostnames and names with their network resolve, stopped containers do not exist`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let network = "\(fixture.project)_net"
            try fixture.networks.create(.init(name: network))
            let server = try fixture.make("db", "sleep 1000", networks: [network]) {
                $0.names.hostname = "storage"
            }
            try fixture.make("idle", "sleep 1000", networks: [network])
            // A datagram to 192.0.2.1 is never answered: a forwarded question would take seconds.
            let questions = ["storage", "db.\(network)", "\(server.name).\(network)", "idle"]
                .map { "echo \($0); nslookup -type=a \($0) 127.0.0.11 2>&1" }
            let client = try fixture.make(
                "web",
                questions.joined(separator: "; "),
                networks: [network]
            ) {
                $0.names.servers = ["192.0.2.1"]
            }
            let events = try await fixture.client.events()
            try await fixture.start(server)
            try await fixture.start(client)
            _ = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            let address = try #require(try fixture.state(server).endpoints.first?.ipv4Address)
            let lines = try fixture.log(client)
            #expect(lines.filter { $0.hasSuffix(address) }.count == 3, "\(lines)")
            #expect(lines.contains { $0.contains("NXDOMAIN") && $0.contains("idle") }, "\(lines)")
        }
    }

    @Test func `an internal network publishes no port and a bound network only at its address`()
        async throws
    {
        try await SupervisorFixture.with { fixture in
            let (closed, bound) = ("\(fixture.project)_closed", "\(fixture.project)_bound")
            try fixture.networks.create(.init(name: closed, isInternal: true))
            let option = "com.docker.network.bridge.host_binding_ipv4"
            try fixture.networks.create(.init(name: bound, options: [option: "127.0.0.1"]))
            let port = PublishedPort(
                hostAddress: "",
                hostPorts: 0...0,
                containerPort: 80,
                transport: "tcp"
            )
            let hidden = try fixture.make("hidden", "sleep 1000", networks: [closed]) {
                $0.ports = [port]
            }
            let local = try fixture.make("local", "sleep 1000", networks: [closed, bound]) {
                $0.ports = [port]
            }
            try await fixture.start(hidden)
            try await fixture.start(local)
            #expect(try fixture.state(hidden).ports.isEmpty)
            #expect(try fixture.state(local).ports.map(\.hostAddress) == ["127.0.0.1"])
        }
    }

    @Test func `output of a terminal is logged and input reaches it`() async throws {
        try await SupervisorFixture.with { fixture in
            let script = "test -t 0 && test -t 1 && echo terminal; read answer; echo got $answer"
            let record = try fixture.make("shell", script) {
                $0.hasTerminal = true
                $0.keepsInputOpen = true
            }
            let events = try await fixture.client.events()
            try await fixture.start(record)
            let input = fixture.files.container(record.id).standardInput
            try Descriptor.open(input, .readingAndWriting).write(Array("word\n".utf8))
            _ = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            let lines = try fixture.log(record)
            #expect(lines.contains("terminal\r"))
            #expect(lines.last == "got word\r")
        }
    }

    @Test func `the supervisor exits with its last container`() async throws {
        try await SupervisorFixture.with { fixture in
            let record = try fixture.make("job", "exit 0")
            let events = try await fixture.client.events()
            try await fixture.start(record)
            _ = await fixture.event(in: events) { kind in
                if case .died = kind { true } else { false }
            }
            await fixture.client.close()
            let lock = fixture.files.supervisorLock
            try await BackgroundThread.run { _ = try FileLock(waitingFor: lock) }
            #expect(!FileSystem.exists(fixture.files.socket))
        }
    }
}

extension HookCommand {
    init(test script: String) {
        self.init(
            command: ["/bin/sh", "-c", script],
            user: nil,
            workingDirectory: nil,
            environment: [],
            isPrivileged: false
        )
    }
}
