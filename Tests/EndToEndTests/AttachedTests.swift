import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// `up` without `-d`.
    @Suite struct AttachedTests {
        private let lively = """
            services:
              talker:
                image: test/busybox
                command: [sh, -c, "trap 'echo heard; exit 0' TERM; echo talking; sleep 60 & wait"]
              deaf:
                image: test/busybox
                command: [sleep, "60"]
            """

        @Test func `an interrupt stops the services gracefully and leaves their containers`() throws
        {
            try needBusyBox()
            try withProject(["compose.yaml": lively]) { project in
                let up = try project.start(["up"])
                try project.awaitLog("talking")
                try up.process.send(.interrupt)
                let outcome = try up.outcome()
                #expect([0, 130].contains(outcome.status), "\(outcome)")
                #expect(outcome.output.contains("Gracefully"), "\(outcome)")
                #expect(outcome.output.contains("talker-1  | talking"), "\(outcome)")
                #expect(outcome.output.contains("talker-1  | heard"), "\(outcome)")
                let containers = try project.compose("ps", "--all")
                #expect(containers.contains("Exited (0)"), "\(containers)")
                #expect(containers.contains("Exited (137)"), "\(containers)")
            }
        }

        @Test func `output of hooks is shown with their container's name`() throws {
            try needBusyBox()
            let text = """
                services:
                  web:
                    image: test/busybox
                    command: [sleep, "60"]
                    stop_signal: SIGKILL
                    post_start: [{command: [sh, -c, "echo wel''come; printf rest"]}]
                    pre_stop: [{command: [sh, -c, "echo fare''well >&2"]}]
                """
            try withProject(["compose.yaml": text]) { project in
                var up = try project.atTerminal("--ansi", "never", "up")
                try up.await(
                    "web-1 ->  | welcome\r\n",
                    "web-1 ->  | rest\r\n",
                    "web-1  Started"
                )
                try up.type("\u{3}")
                try up.await("web-1 ->  | farewell\r\n")
                #expect([0, 130].contains(try up.outcome().status))
            }
        }

        @Test func `an attached up ends with its last container`() throws {
            try needBusyBox()
            let text = """
                services:
                  good: {image: test/busybox, command: [echo, fine]}
                  bad: {image: test/busybox, command: [sh, -c, "echo broken >&2; exit 3"]}
                """
            try withProject(["compose.yaml": text]) { project in
                let outcome = try project.attempt(["up"])
                #expect(outcome.status == 0, "\(outcome)")
                #expect(outcome.output.contains("good-1  | fine"), "\(outcome)")
                #expect(outcome.errors.contains("bad-1   | broken"), "\(outcome)")
                #expect(outcome.output.contains("bad-1 exited with code 3"), "\(outcome)")
            }
        }

        @Test func `--exit-code-from stops all services when any exits`() throws {
            try needBusyBox()
            let text = """
                services:
                  quick: {image: test/busybox, command: [sh, -c, "exit 0"]}
                  slow: {image: test/busybox, command: [sleep, "60"], stop_signal: SIGKILL}
                """
            try withProject(["compose.yaml": text]) { project in
                let outcome = try project.attempt(["up", "--exit-code-from", "slow"])
                #expect(outcome.status == 137, "\(outcome)")
                let unknown = try project.attempt(["up", "--exit-code-from", "slwo"])
                #expect(unknown.status == 1, "\(unknown)")
                #expect(unknown.errors.contains("no such service: slwo"), "\(unknown)")
            }
        }

        @Test func `an attached up shows containers that other commands create`() throws {
            try needBusyBox()
            let text = """
                services:
                  web:
                    image: test/busybox
                    stop_signal: SIGKILL
                    command: [sh, -c, "echo tick from here; sleep 60"]
                """
            try withProject(["compose.yaml": text]) { project in
                let up = try project.start(["up"])
                try project.awaitLog("tick")
                try project.compose("up", "--detach", "--no-recreate", "--scale", "web=2")
                try project.awaitLog("web-2")
                try project.compose("up", "--detach", "--force-recreate", "--scale", "web=1")
                try project.compose("stop", "--timeout", "0")
                let outcome = try up.outcome()
                #expect(outcome.status == 0, "\(outcome)")
                #expect(outcome.output.contains("web-2  | tick from"), "\(outcome)")
                #expect(outcome.output.contains("web-1 has been recreated"), "\(outcome)")
            }
        }

        @Test func `an attached up fails if its only container cannot start`() throws {
            try needBusyBox()
            let text = "services: {bad: {image: test/busybox, command: [nothing-here]}}"
            try withProject(["compose.yaml": text]) { project in
                let outcome = try project.attempt(["up"])
                #expect(outcome.status == 1, "\(outcome)")
                #expect(outcome.errors.contains("nothing-here"), "\(outcome)")
            }
        }

        @Test func `--exit-code-from returns the service's status`() throws {
            try needBusyBox()
            let text = """
                services:
                  job: {image: test/busybox, command: [sh, -c, "exit 5"]}
                  server: {image: test/busybox, command: [sleep, "60"]}
                """
            try withProject(["compose.yaml": text]) { project in
                let outcome = try project.attempt(["up", "--exit-code-from", "job"])
                #expect(outcome.status == 5, "\(outcome)")
            }
        }
    }
}

extension ScratchProject {
    func start(_ arguments: [String]) throws -> Program {
        try machine.start(
            ["--project-name", name, "--file", directory.appending("compose.yaml").string]
                + arguments,
            limit: .seconds(60)
        )
    }

    /// Follows the log, including that of containers created later, until `text` appears in it.
    func awaitLog(_ text: String) throws {
        let command =
            "until \"$0\" --project-name \"$1\" logs 2>/dev/null | grep -q \"$2\"; do :; done"
        let outcome = try Program.run(
            "sh",
            "-c",
            command,
            machine.program.string,
            name,
            text,
            environment: ["SWIFTCOMPOSE_ROOT": machine.root.string],
            limit: .seconds(30)
        )
        try #require(outcome.status == 0, "'\(text)' never appeared in the log")
    }
}
