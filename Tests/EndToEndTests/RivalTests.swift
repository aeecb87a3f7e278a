import Linux
import SystemPackage
import Testing

extension EndToEnd {
    /// Two commands that change one project concurrently.
    @Suite struct RivalTests {
        private static let text = """
            services:
              server:
                image: test/busybox
                command: [sh, -c, "trap 'exit 0' TERM; echo begun; sleep 300 & wait"]
                ports: ["127.0.0.1::80"]
              client:
                image: test/busybox
                command: [sh, -c, "trap 'exit 0' TERM; sleep 300 & wait"]
                depends_on: [server]
            """

        /// Two commands, and the state of the project after either order of them.
        struct Rivals: CustomTestStringConvertible {
            var commands: [[String]]
            var results: Set<[String]>
            /// Whether the project is up before the commands start.
            var isUp = true
            var testDescription: String {
                commands.map { $0.joined(separator: " ") }.joined(separator: " and ")
            }
        }

        private static let up = ["client running", "server running"]
        private static let stopped = ["client exited", "server exited"]
        private static let many = ["client running"] + Array(repeating: "server running", count: 3)

        @Test(arguments: [
            Rivals(commands: [["up", "-d"], ["up", "-d"]], results: [up], isUp: false),
            Rivals(commands: [["up", "-d"], ["up", "-d", "--force-recreate"]], results: [up]),
            Rivals(
                commands: [["up", "-d", "--scale", "server=3"], ["up", "-d"]],
                results: [many, up]
            ),
            Rivals(commands: [["up", "-d"], ["down"]], results: [up, []]),
            Rivals(commands: [["up", "-d"], ["down"]], results: [up, []], isUp: false),
            Rivals(commands: [["down"], ["down"]], results: [[]]),
            Rivals(commands: [["restart"], ["stop"]], results: [up, stopped]),
            Rivals(commands: [["stop"], ["stop"]], results: [stopped]),
            Rivals(commands: [["stop"], ["down"]], results: [[]]),
            Rivals(commands: [["start"], ["stop"]], results: [up, stopped]),
        ])
        func `concurrent changes of a project run one after the other`(rivals: Rivals) throws {
            try needBusyBox()
            try withProject(["compose.yaml": Self.text]) { project in
                if rivals.isUp { try project.compose("up", "-d") }
                // The test holds the lock until both commands wait for it.
                let path = project.changeLock
                try FileSystem.makeDirectories(path.removingLastComponent())
                let lock = try FileLock(waitingFor: path)
                var first = try project.atTerminal(rivals.commands[0])
                var second = try project.atTerminal(rivals.commands[1])
                try first.await("Waiting")
                try second.await("Waiting")
                lock.whileHeld {}
                let outcomes = [try first.outcome(), try second.outcome()]
                #expect(outcomes.map(\.status) == [0, 0], "\(outcomes)")
                let result = try project.services()
                #expect(rivals.results.contains(result), "\(result)")
                if result.isEmpty { #expect(try project.remains() == []) }
            }
        }

        @Test func `a command that stops waiting for another changes nothing`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": Self.text]) { project in
                try project.compose("up", "-d")
                let lock = try FileLock(waitingFor: project.changeLock)
                var down = try project.atTerminal(["down"])
                try down.await("Waiting")
                try down.type("\u{3}")
                let outcome = try down.outcome()
                #expect(outcome.status == 130, "\(outcome)")
                lock.whileHeld {}
                #expect(try project.services() == Self.up)
            }
        }
    }
}

extension ScratchProject {
    /// The lock of a command that changes the project.
    fileprivate var changeLock: FilePath {
        machine.root.appending("run/projects/\(name)/change.lock")
    }

    /// The service and state of each container, sorted.
    fileprivate func services() throws -> [String] {
        try compose("ps", "--all", "--format", "{{.Service}} {{.State}}")
            .split(separator: "\n").map(String.init).sorted()
    }

    fileprivate func atTerminal(_ arguments: [String]) throws -> TerminalProgram {
        try TerminalProgram(
            [machine.program.string, "--ansi", "never"] + options + arguments,
            environment: ["SWIFTCOMPOSE_ROOT": machine.root.string]
        )
    }
}
