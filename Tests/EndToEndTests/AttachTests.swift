import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// `attach` and `exec` at a terminal and without one.
    @Suite struct AttachTests {
        private let services = """
            services:
              shell:
                image: test/busybox
                command: [sh]
                tty: true
                stdin_open: true
              plain:
                image: test/busybox
                command:
                  - sh
                  - -c
                  - "trap 'echo heard; exit 7' INT; while :; do echo tick; sleep 0.05; done"
              quiet:
                image: test/busybox
                command: [sh, -c, "while :; do echo said; sleep 0.05; done"]
                logging: {driver: none}
            """

        @Test
        func `attach forwards input and size, detaches on its keys and ends with the shell`()
            throws
        {
            try withRunning { project in
                var first = try project.atTerminal("attach", "shell")
                try first.type("stty size; echo o''ne\n")
                try first.await("40 100\r\none\r\n")
                try first.resize(rows: 50, columns: 120)
                try first.type("until [ \"$(stty size)\" = '50 120' ]; do :; done; echo two''\n")
                try first.await("two\r\n")
                try first.type("\u{10}\u{11}")
                let detached = try first.outcome()
                #expect(detached.status == 1)
                #expect(detached.rest.contains("read escape sequence"))

                var second = try project.atTerminal("attach", "--detach-keys", "ctrl-x", "shell")
                try second.type("echo st''ill\n")
                try second.await("still\r\n")
                try second.type("exit 5\n")
                #expect(try second.outcome().status == 5)
            }
        }

        @Test func `an attached terminal survives the supervisor's death`() throws {
            try withRunning { project in
                var shell = try project.atTerminal("attach", "shell")
                try shell.type("echo o''ne\n")
                try shell.await("one\r\n")
                try project.killSupervisor()
                try shell.type("echo t''wo; stty size\n")
                try shell.await("two\r\n40 100\r\n")
                try shell.type("exit 6\n")
                #expect(try shell.outcome().status == 6)
            }
        }

        @Test func `attach forwards signals and returns the container's status`() throws {
            try withRunning { project in
                var attached = try project.atTerminal("attach", "plain")
                try attached.await("tick\r\n")
                try attached.type("\u{3}")
                try attached.await("heard\r\n")
                #expect(try attached.outcome().status == 7)
            }
        }

        @Test func `attach shows output of the driver none, for which logs warns`() throws {
            try withRunning { project in
                var attached = try project.atTerminal("attach", "--no-stdin", "quiet")
                try attached.await("said\r\nsaid\r\n")
                try project.compose("kill", "quiet")
                #expect(try attached.outcome().status == 137)
                let logs = try project.attempt(["logs", "quiet"])
                #expect(logs.status == 0)
                #expect(logs.output == "")
                #expect(logs.errors.contains("Can't retrieve logs"), "\(logs)")
            }
        }

        @Test func `a failed attach reports the reason`() throws {
            try withRunning { project in
                let terminal = try project.attempt(["attach", "shell"])
                #expect(terminal.status == 1)
                #expect(terminal.errors.contains("stdin is not a terminal"), "\(terminal)")
                try project.compose("stop", "--timeout", "0", "plain")
                let stopped = try project.attempt(["attach", "plain"])
                #expect(stopped.status == 1)
                #expect(stopped.errors.contains("service \"plain\" is not running"), "\(stopped)")
                let replica = try project.attempt(["attach", "--index", "2", "quiet"])
                #expect(replica.errors.contains("is not running container #2"), "\(replica)")
                let keys = try project.attempt(["attach", "--detach-keys", "ctrl-1", "quiet"])
                #expect(keys.status == 1)
                #expect(keys.errors.contains("ctrl-1"), "\(keys)")
            }
        }

        @Test func `exec has the caller's terminal and size, and returns its own status`() throws {
            try withRunning { project in
                var shell = try project.atTerminal("exec", "plain", "sh")
                try shell.type("stty size; echo o''ne\n")
                try shell.await("40 100\r\n")
                try shell.await("one\r\n")
                try shell.resize(rows: 50, columns: 120)
                try shell.type("until [ \"$(stty size)\" = '50 120' ]; do :; done; echo two''\n")
                try shell.await("two\r\n")
                try shell.type("exit 9\n")
                #expect(try shell.outcome().status == 9)
            }
        }

        @Test(arguments: [
            (["sh", "-c", "exit 3"], 3), (["sh", "-c", "kill -9 $$"], 137), (["nothing-here"], 127),
            (["/etc"], 126),
        ])
        func `exec returns the command's status`(command: [String], status: Int) throws {
            try withRunning { project in
                let outcome = try project.attempt(["exec", "-T", "plain"] + command)
                #expect(Int(outcome.status) == status, "\(outcome)")
            }
        }

        @Test func `exec survives the supervisor's death and returns the status`() throws {
            try withRunning { project in
                var shell = try project.atTerminal("exec", "plain", "sh")
                try shell.type("echo o''ne\n")
                try shell.await("one\r\n")
                try project.killSupervisor()
                #expect(try project.compose("exec", "-T", "plain", "echo", "again") == "again\n")
                try shell.type("exit 9\n")
                let outcome = try shell.outcome()
                #expect(outcome.status == 9, "\(outcome)")
            }
        }

        @Test func `an exec'd command ends with its caller`() throws {
            try withRunning { project in
                let script = """
                    mkfifo "$2"
                    "$0" -p "$1" exec -T plain sh -c 'echo in; exec sleep 543' > "$2" &
                    read word < "$2"
                    echo $word
                    "$0" -p "$1" top plain | grep -q 'sleep 543' && echo runs
                    kill -9 $!
                    until ! "$0" -p "$1" top plain | grep -q 'sleep 543'; do :; done
                    """
                let outcome = try Program.run(
                    "sh",
                    "-c",
                    script,
                    project.machine.program.string,
                    project.name,
                    project.directory.appending("fifo").string,
                    environment: ["SWIFTCOMPOSE_ROOT": project.machine.root.string],
                    limit: .seconds(60)
                )
                #expect(outcome.status == 0)
                #expect(outcome.output == "in\nruns\n", "\(outcome)")
            }
        }

        @Test(arguments: [(["true"], 0), (["nothing-here"], 127)])
        func `exec --detach reports whether the command started`(
            command: [String],
            status: Int
        ) throws {
            try withRunning { project in
                let outcome = try project.attempt(["exec", "--detach", "plain"] + command)
                #expect(Int(outcome.status) == status, "\(outcome)")
            }
        }

        @Test func `exec reads piped input to its end`() throws {
            try withRunning { project in
                let command = "echo word | \"$0\" --project-name \"$1\" exec -T plain cat; echo $?"
                let outcome = try Program.run(
                    "sh",
                    "-c",
                    command,
                    project.machine.program.string,
                    project.name,
                    environment: ["SWIFTCOMPOSE_ROOT": project.machine.root.string]
                )
                #expect(outcome.output == "word\n0\n", "\(outcome)")
            }
        }

        @Test func `large terminal input is echoed completely`() throws {
            try withRunning { project in
                var cat = try project.atTerminal(
                    "exec",
                    "plain",
                    "sh",
                    "-c",
                    "stty raw; echo on; cat"
                )
                try cat.await("on")
                let line = String(repeating: "x", count: 9999)
                for round in 0..<20 {
                    try cat.type("\(line)\(round)\n")
                    try cat.await("x\(round)\n")
                }
                try cat.type("\u{3}")
                try cat.await("\u{3}")
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

extension ScratchProject {
    /// Kills the project's supervisor and waits until it has exited.
    func killSupervisor() throws {
        guard let pid = try supervisorPID() else { return }
        let process = try ProcessHandle(pid: pid)
        try process.send(.kill)
        _ = try Readiness.wait(for: [process.descriptor.number])
    }
}
