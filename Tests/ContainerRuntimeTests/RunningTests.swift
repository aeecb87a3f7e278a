import Linux
import OCI
import SystemPackage
import Testing

@testable import ContainerRuntime

@Suite(.enabled(if: Machine.canRunContainers, Machine.reason))
struct RunningTests {
    @Test func `an exec joins all namespaces and limits of the container`() throws {
        try ContainerFixture.with { container in
            container.specification.hostName = "inside"
            let running = try RunningContainer(container, "echo here > /file; echo ready; sleep 99")
            let script =
                "hostname; cat /file; (readlink /proc/self/ns/net; readlink /proc/1/ns/net) | sort -u | wc -l; ps | grep -c '[s]leep 99$'; grep Seccomp: /proc/self/status | cut -f2; grep memory /proc/self/cgroup | cut -d: -f3; pwd"
            let outcome = try running.exec(["sh", "-c", script])
            let lines = outcome.output.split(separator: "\n").map(String.init)
            #expect(lines.prefix(5) == ["inside", "here", "1", "1", "2"], "\(outcome)")
            #expect(lines.last == "/")
            try running.stop()
        }
    }

    @Test func `an exec has its own exit code, user and errors`() throws {
        try ContainerFixture.with { container in
            let running = try RunningContainer(container, "echo ready; sleep 99")
            let code = try running.exec(["sh", "-c", "exit 9"]).status
            #expect(code == 9)
            let user = try running.exec(["id", "-u"], user: "app").output
            #expect(user == "1000\n")
            let missing = try running.exec(["nothing-here"])
            #expect(missing.status == 127)
            #expect(missing.error.contains("nothing-here"))
            try running.stop()
        }
    }

    @Test func `an exec with a terminal gets one of the container's`() throws {
        try ContainerFixture.with { container in
            let running = try RunningContainer(container, "echo ready; sleep 99")
            let script = "tty; : > /dev/tty && echo controlling"
            let outcome = try running.exec(["sh", "-c", script], terminal: true)
            #expect(outcome.output == "/dev/pts/0\r\ncontrolling\r\n", "\(outcome)")
            try running.stop()
        }
    }

    @Test func `an exec has the attributes of the container's own process`() throws {
        try ContainerFixture.with { container in
            container.specification.groups = ["staff", "44"]
            container.specification.noNewPrivileges = true
            container.specification.outOfMemoryAdjustment = 100
            container.specification.resourceLimits = [
                .init(type: "RLIMIT_NOFILE", soft: 512, hard: 1_024)
            ]
            let running = try RunningContainer(container, "echo ready; sleep 99")
            let keys = "Uid|Gid|Groups|Cap|NoNewPrivs|Seccomp:|Umask|Sig(Blk|Ign)|Cpus_allowed"
            let report = { (process: String) in
                [
                    "sh", "-c",
                    "cd /proc/\(process); grep -E '^(\(keys))' status; cat limits oom_score_adj",
                ]
            }
            let own = try running.exec(report("1"))
            let other = try running.exec(report("self"))
            #expect(own.output.contains("Groups:\t0 44 50"), "\(own)")
            #expect(own.output == other.output)
            try running.stop()
        }
    }

    @Test func `signals are forwarded to the program`() throws {
        try ContainerFixture.with { container in
            let running = try RunningContainer(
                container,
                "trap 'exit 42' TERM; echo ready; while true; do sleep 0.1; done"
            )
            try running.runner.send(.terminate)
            let status = try running.runner.wait()
            #expect(status == .exited(42))
        }
    }

    @Test func `an init process forwards signals and reaps orphans`() throws {
        try ContainerFixture.with { container in
            container.specification.usesInit = true
            let running = try RunningContainer(
                container,
                "(sleep 0.01 &) ; trap 'cat /proc/[0-9]*/stat; exit 42' TERM; echo ready; while true; do sleep 0.05; done"
            )
            try running.runner.send(.terminate)
            let rest = String(decoding: try running.output.readToEnd(), as: UTF8.self)
            let status = try running.runner.wait()
            #expect(status == .exited(42))
            #expect(!rest.contains(") Z "), "\(rest)")
        }
    }

    @Test func `a container is killed with its runner unless it outlives its parent`() throws {
        try ContainerFixture.with { container in
            let running = try RunningContainer(container, "echo ready; sleep 99")
            let process = try ProcessHandle(pid: try running.pid)
            try running.runner.send(.kill)
            _ = try running.runner.wait()
            let hasExited = try waitForExit(of: process)
            #expect(hasExited)
        }
        try ContainerFixture.with { container in
            let running = try RunningContainer(
                container,
                "echo ready; sleep 99",
                options: ["--outlive-parent"]
            )
            let process = try ProcessHandle(pid: try running.pid)
            try running.runner.send(.kill)
            _ = try running.runner.wait()
            let isRunning = process.isRunning()
            #expect(isRunning)
            try running.cgroup.killAll()
            let hasExited = try waitForExit(of: process)
            #expect(hasExited)
            // The process is not a child, so only a recent kernel reports its exit status, after its
            // new parent has reaped it.
            guard try Machine.reportsExitOfNonChildren() else { return }
            var status: Linux.ExitStatus?
            for _ in 0..<2_000 where status == nil {
                status = process.exitStatusOfNonChild()
                Pause.briefly()
            }
            #expect(status == .signalled(.kill))
        }
    }

    @Test func `an unprivileged user can reopen /dev/stdout`() throws {
        try ContainerFixture.with { container in
            let fifo = container.directory.appending("out")
            try FileSystem.makeFIFO(fifo)
            let reader = try Descriptor.open(fifo, .readingAndWriting)
            container.specification.user = "app"
            container.specification.arguments = ["sh", "-c", "echo again > /dev/stdout"]
            let outcome = try container.run(options: ["--output", fifo.string])
            #expect(outcome.status == 0, "\(outcome)")
            let line = try RunningContainer.line(from: reader)
            #expect(line == "again")
        }
    }

    @Test func `the terminal is the container's console`() throws {
        try ContainerFixture.with { container in
            container.specification.hasTerminal = true
            container.specification.user = "app"
            let outcome = try container.run("tty; test -t 1 && stat -c %u $(tty); ls /dev/console")
            #expect(outcome.output == "/dev/pts/0\r\n1000\r\n/dev/console\r\n", "\(outcome)")
        }
    }

    @Test func `limits apply to the container and its execs`() throws {
        try ContainerFixture.with { container in
            container.specification.resources.memory = .init()
            container.specification.resources.memory?.limit = 64 << 20
            container.specification.resources.pids = .init(limit: 20)
            container.specification.resources.cpu = .init()
            container.specification.resources.cpu?.quota = 50_000
            container.specification.resources.cpu?.period = 100_000
            container.specification.resources.cpu?.cpus = "0"
            let running = try RunningContainer(container, "nproc; echo ready; sleep 99")
            let statistics = try running.cgroup.statistics()
            #expect(statistics.memoryLimit == 64 << 20)
            #expect(statistics.processes >= 1)
            #expect(statistics.memory > 0)
            let many = try running.exec(
                ["sh", "-c", "for i in $(seq 1 30); do sleep 99 & done"])
            #expect(many.error.contains("fork"), "\(many)")
            try running.stop()
        }
    }

    @Test func `an OOM kill is counted`() throws {
        try ContainerFixture.with { container in
            container.specification.resources.memory = .init()
            container.specification.resources.memory?.limit = 16 << 20
            container.specification.resources.memory?.swap = 16 << 20
            let running = try RunningContainer(
                container,
                "dd if=/dev/zero of=/dev/shm/x bs=1M count=60 2>&1; echo ready; sleep 99"
            )
            let kills = try running.cgroup.outOfMemoryKills()
            #expect(kills >= 1)
            try running.stop()
        }
    }

    @Test func `a frozen container can be killed`() throws {
        try ContainerFixture.with { container in
            let running = try RunningContainer(container, "echo ready; sleep 99")
            try running.cgroup.freeze()
            try running.cgroup.thaw()
            try running.cgroup.freeze()
            try running.cgroup.killAll()
            let status = try running.runner.wait()
            #expect(status == .exited(137))
        }
    }

    @Test func `a device is inaccessible unless it is passed to the container`() throws {
        let disk = try #require(
            try FileSystem.entries(of: "/sys/block").first {
                FileSystem.exists(FilePath("/dev/\($0)"))
            }
        )
        let path = FilePath("/dev/\(disk)")
        let node = try FileSystem.status(of: path).node
        try ContainerFixture.with { container in
            let script =
                "mknod /tmp-disk b \(node.major) \(node.minor); head -c 1 /tmp-disk > /dev/null && echo read"
            let refused = try container.run(script)
            #expect(refused.output.isEmpty && refused.error.contains("not permitted"), "\(refused)")
            container.specification.devices = [.init(source: path, target: "/dev/disk")]
            let read = try container.run("head -c 1 /dev/disk > /dev/null && echo read")
            #expect(read.output == "read\n", "\(read)")
        }
    }

    @Test func `the version 2 device program implements the rules`() throws {
        try ContainerFixture.with { container in
            container.specification.isPrivileged = true
            let running = try RunningContainer(container, "echo ready; sleep 99")
            let directory = try #require(try running.cgroup.directory(""))
            let rules = DeviceRules.complete([
                .init(allow: false),
                .init(allow: true, type: "c", major: 1, minor: 11, access: "w"),
            ])
            try DeviceFilter.attach(DeviceProgram(rules).instructions, to: directory)
            let outcome = try running.exec([
                "sh", "-c",
                "head -c 1 /dev/zero | wc -c; head -c 1 /dev/kmsg || echo no; : > /dev/kmsg && echo yes",
            ])
            #expect(outcome.output == "1\nno\nyes\n", "\(outcome)")
            try running.stop()
        }
    }
}
