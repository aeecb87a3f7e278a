import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Commands on existing containers, with unexpected input and states.
    @Suite struct ExistingTests {
        private let services = """
            services:
              web:
                image: test/busybox
                command: [sh, -c, "echo begun; trap 'exit 0' TERM; sleep 300 & wait"]
                scale: 2
              job: {image: test/busybox, command: [sh, -c, "sleep 300"]}
              shy: {image: test/busybox, command: [echo, hush], attach: false}
            """

        @Test(.enabled(if: Machine.user == nil, "an ordinary user's containers cannot be paused"))
        func `a paused container rejects pause and exec`() throws {
            try withRunning { project in
                try project.compose("pause", "web")
                let again = try project.attempt(["pause", "web"])
                #expect(again.status == 1)
                #expect(again.errors.contains("is already paused"), "\(again)")
                let exec = try project.attempt(["exec", "-T", "web", "true"])
                #expect(exec.status == 1)
                #expect(exec.errors.contains("unpause it"), "\(exec)")
                try project.compose("unpause", "web")
                let twice = try project.attempt(["unpause", "web"])
                #expect(twice.status == 1)
                #expect(twice.errors.contains("is not paused"), "\(twice)")
            }
        }

        @Test func `a replica that is not running is reported by number`() throws {
            try withRunning { project in
                let exec = try project.attempt(["exec", "-T", "--index", "3", "web", "true"])
                #expect(exec.status == 1)
                #expect(exec.errors.contains("is not running container #3"), "\(exec)")
                let logs = try project.attempt(["logs", "--index", "1"])
                #expect(logs.errors.contains("--index requires one service"), "\(logs)")
                let one = try project.compose("logs", "--no-log-prefix", "--index", "2", "web")
                #expect(one == "begun\n")
            }
        }

        @Test func `wait ends with the containers and fails if none is running`() throws {
            try withRunning { project in
                try project.compose("run", "--detach", "job", "sh", "-c", "sleep 5; exit 3")
                // Its containers of 'run' too.
                try project.compose("stop", "--timeout", "0", "job")
                let wait = try project.attempt(["wait", "job"])
                #expect(wait.status == 3, "\(wait)")
                #expect(wait.output.contains("exited with status code 3"), "\(wait)")
                let waiting = try project.attempt(["wait", "job"])
                #expect(waiting.status == 1)
                #expect(waiting.errors.contains("no running containers to wait for"), "\(waiting)")
                let kill = try project.attempt(["kill", "job"])
                #expect(kill.status == 0)
                #expect(kill.errors.contains("no container to kill"), "\(kill)")
            }
        }

        @Test func `exec takes variables from the project, and a dry run executes nothing`() throws
        {
            try withRunning { project in
                try AtomicFile.write(
                    Array("FROM_FILE=x y\n".utf8),
                    to: project.directory.appending(".env")
                )
                let names = ["-e", "FROM_FILE", "-e", "UNKNOWN", "-e", "SAID=z"]
                let text = "echo $FROM_FILE ${UNKNOWN-unset} $SAID"
                let exec = try project.attempt(["exec", "-T"] + names + ["web", "sh", "-c", text])
                #expect(exec.output == "x y unset z\n", "\(exec)")
                let dry = try project.attempt(["exec", "--dry-run", "-T", "web", "touch", "/made"])
                #expect(dry.status == 0)
                #expect(dry.errors.contains("Executing"), "\(dry)")
                let look = try project.attempt(["exec", "-T", "web", "test", "-e", "/made"])
                #expect(look.status == 1, "\(look)")
                try project.compose("logs", "-n5", "web")
                let images = try project.compose("images", "--format", "{{.Repository}} {{.Tag}}")
                #expect(images.hasPrefix("test/busybox latest\n"), "\(images)")
                let projects = try project.compose("ls", "--format", "{{.Name}} {{.ConfigFiles}}")
                #expect(projects.contains("\(project.name) \(project.directory)"), "\(projects)")
            }
        }

        @Test func `top lists processes in the columns of ps`() throws {
            try withRunning { project in
                let lines = try project.compose("top", "job").split(separator: "\n")
                let titles = lines[0].split(separator: " ").joined(separator: " ")
                #expect(titles == "SERVICE # UID PID PPID C STIME TTY TIME CMD")
                let fields = lines[1].split(separator: " ")
                #expect(fields.prefix(3) == ["job", "1", "root"])
                #expect(lines.dropFirst().contains { $0.hasSuffix(" sleep 300") }, "\(lines)")
            }
        }

        @Test func `events end at --until`() throws {
            try withRunning { project in
                let end = String(WallClock.now().seconds + 2)
                let events = try project.compose("events", "--since", "1h", "--until", end)
                #expect(events.contains("container start"), "\(events)")
                let actions = events.split(separator: "\n").filter { $0.contains("-job-1") }
                    .compactMap { $0.firstMatch(of: /container (\w+)/)?.1 }
                #expect(actions == ["create", "start"], "\(events)")
            }
        }

        @Test func `events report each step of a container's life`() throws {
            try withRunning { project in
                var events = try project.atTerminal("events", "--since", "1h", "job")
                try events.await("container start")
                try project.compose("restart", "--timeout", "1", "job")
                try project.compose("rm", "--stop", "--force", "job")
                let steps = [
                    "kill", "die", "stop", "start", "restart", "kill", "die", "stop", "destroy",
                ]
                for step in steps { try events.await("container \(step) ") }
                try project.compose("create", "job")
                try events.await("container create ")
                try events.type("\u{3}")
                _ = try events.outcome()
            }
        }

        @Test func `events include exec`() throws {
            try withRunning { project in
                let command = ["sh", "-c", "exit 3"]
                let outcome = try project.attempt(["exec", "-T", "job"] + command)
                #expect(outcome.status == 3, "\(outcome)")
                let end = String(WallClock.now().seconds + 1)
                let events = try project.compose("events", "--since", "1h", "--until", end)
                let lines = events.split(separator: "\n").filter { $0.contains("exec_") }
                let actions = lines.compactMap {
                    $0.firstMatch(of: /container (exec_.*) \w{64}\b/)?.1
                }
                #expect(
                    actions == [
                        "exec_create: sh -c exit 3", "exec_start: sh -c exit 3", "exec_die",
                    ],
                    "\(events)"
                )
                let ids = Set(lines.compactMap { $0.firstMatch(of: /execID=(\w{64})/)?.1 })
                #expect(ids.count == 1, "\(events)")
                #expect(lines.last?.contains("exitCode=3") == true, "\(events)")
            }
        }

        @Test func `logs --follow shows containers that start later and ends with the last one`()
            throws
        {
            try withRunning { project in
                var logs = try project.atTerminal("logs", "--follow", "--no-color", "web")
                try logs.await("begun\r\n")
                try logs.await("begun\r\n")
                try project.compose("up", "--detach", "--scale", "web=3")
                try logs.await("web-3  | begun\r\n")
                try project.compose("restart", "--timeout", "1", "web")
                try logs.await("begun\r\n")
                try project.compose("stop", "--timeout", "1")
                #expect(try logs.outcome().status == 0)
            }
        }

        @Test func `logs --follow ends when a restarting container is stopped`() throws {
            try needBusyBox()
            let text = """
                services:
                  job:
                    image: test/busybox
                    command: [sh, -c, "echo begun; exit 1"]
                    restart: always
                """
            try withProject(["compose.yaml": text]) { project in
                try project.compose("up", "--detach")
                var logs = try project.atTerminal("logs", "--follow", "--no-color")
                // From then on the container waits for its restart most of the time.
                for _ in 1...5 { try logs.await("begun\r\n") }
                try project.compose("stop")
                #expect(try logs.outcome().status == 0)
            }
        }

        @Test func `logs omits orphans and services with attach: false unless named`() throws {
            try withRunning { project in
                let all = try project.compose("logs")
                #expect(!all.contains("hush"))
                let named = try project.compose("logs", "shy")
                #expect(named == "shy-1  | hush\n")
            }
        }

        @Test func `a changed volume is recreated only after confirmation`() throws {
            try needBusyBox()
            let text = """
                services:
                  keeper:
                    image: test/busybox
                    command: [sh, -c, "echo x >> /data/x; wc -l < /data/x; sleep 300"]
                    stop_grace_period: 0s
                    volumes: ["data:/data"]
                volumes: {data: {labels: {version: "1"}}}
                """
            try withProject(["compose.yaml": text]) { project in
                try project.compose("up", "--detach")
                let file = project.directory.appending("compose.yaml")
                let changed = text.replacing("\"1\"", with: "\"2\"")
                try AtomicFile.write(Array(changed.utf8), to: file)
                let kept = try project.compose("up", "--detach", "--force-recreate")
                #expect(kept == "")
                try project.awaitLog("^keeper-1  | 2")
                try project.compose("up", "--detach", "--yes")
                try project.awaitLog("^keeper-1  | 1")
                let volumes = try project.compose("volumes", "--format", "json")
                #expect(volumes.contains("version=2"), "\(volumes)")
            }
        }

        @Test func `a damaged record of another project is reported and skipped`() throws {
            try needBusyBox()
            let text = "services: {one: {image: test/busybox, command: [sleep, \"300\"]}}"
            try withProject(["compose.yaml": text]) { damaged in
                try damaged.compose("create")
                let id = try damaged.compose("ps", "--all", "--quiet").prefix(64)
                let record = damaged.machine.root.appending(
                    "lib/projects/\(damaged.name)/containers/\(id)/container.json"
                )
                let whole = try FileSystem.read(record)
                try AtomicFile.write(Array("{".utf8), to: record)
                try withProject(["compose.yaml": text]) { sound in
                    try sound.compose("up", "--detach")
                    let list = try sound.attempt(["ls"])
                    #expect(list.status == 0)
                    #expect(list.output.contains(sound.name), "\(list)")
                    #expect(list.errors.contains(record.string), "\(list)")
                    let prune = try sound.machine.attempt(["image", "prune"])
                    #expect(prune.status == 0, "\(prune)")
                    #expect(prune.errors.contains(record.string), "\(prune)")
                    let down = try sound.attempt(["down"])
                    #expect(down.status == 0, "\(down)")
                }
                try AtomicFile.write(whole, to: record)
                try damaged.compose("start")
                #expect(try damaged.compose("ps", "--services") == "one\n")
            }
        }

        private func withRunning(_ body: (ScratchProject) throws -> Void) throws {
            try needBusyBox()
            try withProject(["compose.yaml": services]) { project in
                try project.compose("up", "--detach")
                try body(project)
            }
        }
    }
}
