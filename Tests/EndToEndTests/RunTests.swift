import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// `run`.
    @Suite struct RunTests {
        private let services = """
            services:
              db:
                image: test/busybox
                command: [sleep, "300"]
                healthcheck: {test: [CMD, "true"], interval: 1s, start_interval: 100ms}
              seed:
                image: test/busybox
                command: [echo, seeded]
              web:
                image: test/busybox
                command: [echo, served]
                container_name: the-only-one
                restart: always
                ports: ["127.0.0.1::80"]
                volumes: [/anonymous]
                environment: {FROM: file, KEPT: file}
                depends_on:
                  db: {condition: service_healthy}
                  seed: {condition: service_completed_successfully}
              broken:
                image: test/busybox
                depends_on:
                  failing: {condition: service_completed_successfully}
              failing: {image: test/busybox, command: ["false"]}
              tool: {image: test/busybox, profiles: [tools], command: [echo, tooled]}
            """

        @Test func `run starts dependencies first and returns the command's output and status`()
            throws
        {
            try withServices { project in
                let run = try project.attempt(["run", "web", "sh", "-c", "echo one; exit 7"])
                #expect(run.output == "one\n")
                #expect(run.status == 7, "\(run)")
                let running = try project.compose("ps", "--services")
                #expect(running == "db\n")
                let all = try project.compose("ps", "--all")
                #expect(all.contains("-web-run-"), "\(all)")
                #expect(all.contains("Exited (7)"), "\(all)")
                #expect(all.contains("seed-1"), "\(all)")
                #expect(!all.contains("the-only-one"), "\(all)")
                #expect(!all.contains("->80"), "\(all)")
            }
        }

        @Test func `run forwards input to its end`() throws {
            try withServices { project in
                let input = "one\ntwo without newline"
                let run = try Program.run(
                    "sh",
                    "-c",
                    "printf '\(input)' | \"$0\" -p \"$1\" -f \"$2\" run --rm -T tool cat",
                    project.machine.program.string,
                    project.name,
                    project.directory.appending("compose.yaml").string,
                    environment: ["SWIFTCOMPOSE_ROOT": project.machine.root.string],
                    limit: .seconds(30)
                )
                #expect(run.output == "one\ntwo without newline")
                #expect(run.status == 0, "\(run)")
            }
        }

        @Test func `run allocates a terminal, whose keys send signals to the command`() throws {
            try withServices { project in
                var run = try project.atTerminal("run", "--rm", "tool", "sh")
                try run.type("tty; stty size; echo re''ady\n")
                try run.await("/dev/pts/0\r\n40 100\r\nready\r\n")
                try run.type("trap 'exit 9' INT; echo tra''pped; while :; do sleep 0.05; done\n")
                try run.await("trapped\r\n")
                try run.type("\u{3}")
                #expect(try run.outcome().status == 9)
                #expect(try project.compose("ps", "--all", "--quiet") == "")
            }
        }

        @Test func `flags of run override the Compose file`() throws {
            try withServices { project in
                let run = try project.attempt(
                    [
                        "run", "--rm", "--no-deps", "-e", "FROM=flag", "-u", "7:8", "-w", "/tmp",
                        "-v", "\(project.directory):/here:ro", "-l", "k=v", "--name",
                        "\(project.name)-named", "--entrypoint", "sh -c", "web",
                        "echo $FROM $KEPT $(id -u):$(id -g) $PWD $(ls /here)",
                    ]
                )
                #expect(run.output == "flag file 7:8 /tmp compose.yaml\n")
                #expect(run.status == 0, "\(run)")
                #expect(try project.compose("ps", "--all", "--quiet") == "")
            }
        }

        @Test func `arguments after the service belong to the command`() throws {
            try withServices { project in
                let flags = try project.compose("run", "--rm", "tool", "echo", "-d", "--rm")
                #expect(flags == "-d --rm\n")
                let nothing = try project.compose("run", "--rm", "tool")
                #expect(nothing == "tooled\n")
            }
        }

        @Test func `run --detach prints the ID, publishes on request and honours --rm`() throws {
            try withServices { project in
                let id = try project.compose(
                    "run",
                    "--detach",
                    "--rm",
                    "--service-ports",
                    "web",
                    "sleep",
                    "60"
                )
                #expect(id.count == 65)
                #expect(try project.compose("ps", "--all").contains("->80/tcp"))
                #expect(try project.volumes().count == 1)
                try project.compose("kill", "web")
                try project.awaitOneOffs(exist: false)
                #expect(try project.volumes().isEmpty)
            }
        }

        @Test func `run --rm removes the container even if the command is killed`() throws {
            try withServices { project in
                let run = try project.start(["run", "--rm", "web", "sh", "-c", "echo up; sleep 60"])
                try project.awaitOneOffs(exist: true)
                try project.killPrograms(saying: ["run", "--rm"])
                #expect(try run.outcome().status != 0)
                try project.compose("kill", "web")
                try project.awaitOneOffs(exist: false)
                #expect(try project.volumes().isEmpty)
            }
        }

        @Test func `run --rm removes the container even if the supervisor is killed`() throws {
            try withServices { project in
                try project.compose("run", "--detach", "--rm", "web", "sleep", "60")
                try project.killSupervisor()
                try project.compose("kill", "web")
                try project.awaitOneOffs(exist: false)
                #expect(try project.volumes().isEmpty)
            }
        }

        @Test func `run of a missing program exits with 127 and leaves nothing`() throws {
            try withServices { project in
                let missing = try project.attempt(["run", "--rm", "tool", "nonsense"])
                #expect(missing.status == 127, "\(missing)")
                let directory = try project.attempt(["run", "--rm", "tool", "/bin"])
                #expect(directory.status == 126, "\(directory)")
                #expect(try project.compose("ps", "--all", "--quiet") == "")
            }
        }

        @Test func `run creates no container if a dependency fails`() throws {
            try withServices { project in
                let run = try project.attempt(["run", "broken", "true"])
                #expect(run.status == 1, "\(run)")
                #expect(run.errors.contains("didn't complete successfully: exit 1"), "\(run)")
                #expect(try !project.compose("ps", "--all").contains("broken"))
                let alone = try project.attempt(["run", "--rm", "--no-deps", "broken", "true"])
                #expect(alone.status == 0, "\(alone)")
            }
        }

        @Test func `other commands treat one-off containers as docker compose does`() throws {
            try withServices { project in
                try project.compose(
                    "run",
                    "--detach",
                    "--name",
                    "\(project.name)-x",
                    "tool",
                    "sleep",
                    "60"
                )
                try project.compose("run", "db", "echo", "hidden")
                try project.compose("up", "--detach", "db")
                #expect(try project.compose("ps", "--services") == "db\n")
                #expect(try !project.compose("logs").contains("hidden"))
                #expect(try project.compose("exec", "-T", "tool", "echo", "inside") == "inside\n")
                #expect(try project.compose("top", "tool").contains("sleep 60"))
                let taken = try project.attempt(
                    ["run", "--name", "\(project.name)-x", "tool", "true"]
                )
                #expect(taken.status == 1)
                #expect(taken.errors.contains("is already in use"), "\(taken)")
                // An exited container of `run` is an orphan, a running one is not.
                let warned = try project.attempt(["up", "--detach", "db"])
                #expect(warned.errors.contains("Found orphan containers"), "\(warned)")
                try project.compose("stop")
                try project.compose("rm", "--force")
                try project.compose("down")
                #expect(
                    try project.compose("ps", "--all", "--quiet").split(separator: "\n").count == 2
                )
                try project.compose("down", "--remove-orphans")
                #expect(try project.compose("ps", "--all", "--quiet") == "")
            }
        }

        @Test(
            arguments: [
                (["run", "--publish", "80:80", "--service-ports", "web"], "--publish"),
                (["run", "--publish", "eighty", "web"], "is not a valid port"),
                (["run", "--label", "bare", "web"], "KEY=VALUE"),
                (["run", "--tty", "tool"], "not a TTY"),
                (["run", "--tty", "--no-TTY", "tool"], "--no-TTY"),
                (["run", "nobody"], "no such service: nobody"),
                (["run", "--nonsense", "tool"], "--nonsense"),
            ] as [([String], String)]
        )
        func `invalid arguments of run are rejected before anything is created`(
            arguments: [String],
            complaint: String
        ) throws {
            try withServices { project in
                let run = try project.attempt(arguments)
                #expect(run.status == 1)
                #expect(run.errors.contains(complaint), "\(run)")
                #expect(try project.compose("ps", "--all", "--quiet") == "")
            }
        }

        private func withServices(_ body: (ScratchProject) throws -> Void) throws {
            try needBusyBox()
            try withProject(["compose.yaml": services], body)
        }
    }
}

extension ScratchProject {
    /// Names of the project's volumes.
    fileprivate func volumes() throws -> [String] {
        try compose("volumes", "--quiet").split(separator: "\n").map(String.init)
    }

    /// Polls until a one-off container runs, or until there is none.
    fileprivate func awaitOneOffs(exist: Bool) throws {
        let sign = exist ? "-run-.* Up " : "-run-"
        let look = "\"$0\" --project-name \"$1\" ps -a | grep -q -e '\(sign)'"
        let outcome = try Program.run(
            "sh",
            "-c",
            "\(exist ? "until" : "while") \(look); do :; done",
            machine.program.string,
            name,
            environment: ["SWIFTCOMPOSE_ROOT": machine.root.string],
            limit: .seconds(30)
        )
        try #require(outcome.status == 0, "one-off containers are \(exist ? "missing" : "left")")
    }

    /// Kills the program's processes for this project whose arguments include these words.
    fileprivate func killPrograms(saying words: [String]) throws {
        for entry in try FileSystem.entries(of: "/proc") {
            guard let pid = Int32(entry) else { continue }
            // Processes may exit during the search.
            let line = (try? FileSystem.readText(FilePath("/proc/\(pid)/cmdline"))) ?? ""
            let arguments = line.split(separator: "\0").map(String.init)
            // An ordinary user's program is started by another one of the same name.
            guard let program = arguments.first,
                FilePath(program).lastComponent == machine.program.lastComponent,
                arguments.contains(name),
                words.allSatisfy(arguments.contains)
            else { continue }
            let process = try ProcessHandle(pid: pid)
            try process.send(.kill)
            _ = try Readiness.wait(for: [process.descriptor.number])
        }
    }
}
