import Linux
import SystemPackage
import TestSupport
import Testing

extension EndToEnd {
    /// `up` in the foreground on a terminal, as a user sees it.
    @Suite struct AttachedTerminalTests {
        private func services(_ count: Int) -> String {
            let services = (1...count).map { number in
                """
                  s\(number):
                    image: test/busybox
                    stop_signal: SIGKILL
                    command: [sh, -c, "echo first \(number); echo last \(number); sleep 60"]

                """
            }
            return "services:\n" + services.joined()
        }

        @Test(arguments: [(24, 80, 12), (12, 60, 12), (6, 40, 12), (20, 60, 40)])
        func `every log line is seen once, above or below the progress tree`(
            rows: Int,
            columns: Int,
            count: Int
        ) throws {
            try needBusyBox()
            try withProject(["compose.yaml": services(count)]) { project in
                var up = try project.atTerminal(
                    "up",
                    "--menu=false",
                    size: .init(rows: UInt16(rows), columns: UInt16(columns))
                )
                try up.await(all: (1...count).map { "last \($0)\r\n" })
                try up.type("\u{3}")
                try check(up.outcome(), count)
            }
        }

        @Test func `the tree is drawn for the size that the terminal has now`() throws {
            try needBusyBox()
            try withProject(["compose.yaml": services(12)]) { project in
                var up = try project.atTerminal(
                    "up",
                    "--menu=false",
                    size: .init(rows: 30, columns: 100)
                )
                try up.await(all: (1...12).map { "last \($0)\r\n" })
                try up.resize(rows: 10, columns: 45)
                try up.type("\u{3}")
                // The tree of the start may have been drawn just before the resize was noticed.
                try check(up.outcome(), 12, words: ["Stopped"])
            }
        }

        @Test(arguments: [(24, 80), (7, 40)])
        func `the menu stays below the logs, and its key detaches`(rows: Int, columns: Int) throws {
            try needBusyBox()
            try withProject(["compose.yaml": services(3)]) { project in
                var up = try project.atTerminal(
                    "up",
                    size: .init(rows: UInt16(rows), columns: UInt16(columns))
                )
                try up.await(all: (1...3).map { "last \($0)\r\n" } + ["Detach\r\n"])
                // No name or word of the output has this key, so an echo of it would be noticed.
                try up.type("~\nd")
                let (status, _, screen) = try up.outcome()
                #expect(status == 0)
                let history = screen.history
                #expect(!history.contains { $0.contains("Detach") || $0.contains("~") })
                for number in 1...3 {
                    #expect(history.count { $0.hasSuffix("| last \(number)") } == 1, "\(history)")
                }
                #expect(history.count { $0.hasPrefix("[+] Running") } == 1, "\(history)")
                let running = try project.compose("ps", "--status", "running", "--quiet")
                #expect(running.split(separator: "\n").count == 3)
            }
        }

        @Test func `the menu begins and ends watching, and the terminal is given back`() throws {
            try needBusyBox()
            let service = """
                services:
                  web:
                    image: test/busybox
                    stop_signal: SIGKILL
                    command: sleep 60
                    develop: {watch: [{action: restart, path: ./source}]}
                """
            let files = ["compose.yaml": service, "source/file": "one"]
            try withProject(files) { project in
                let program = project.machine.program.string
                let file = project.directory.appending("compose.yaml").string
                // The shell outlives the interrupt.
                let command = "trap : INT; \(program) -p \(project.name) -f \(file) up; stty -a"
                var up = try TerminalProgram(
                    ["sh", "-c", command],
                    environment: ["SWIFTCOMPOSE_ROOT": project.machine.root.string]
                )
                try up.await("Enable Watch", "Detach\r\n")
                try up.type("w")
                try up.await("Watch enabled", "Disable Watch")
                try up.type("w")
                try up.await("Watch disabled", "Enable Watch")
                try up.type("\u{3}")
                try up.await("exited with code 137", "Stopped", " icanon ", " echo ")
                #expect(try up.outcome().status == 0)
            }
        }

        private func check(
            _ outcome: (status: Int32, rest: String, screen: ScreenModel),
            _ count: Int,
            words: [String] = ["Started", "Stopped"]
        ) {
            #expect(outcome.status == 130)
            let history = outcome.screen.history
            for number in 1...count {
                for word in ["first", "last"] {
                    let count = history.count { $0.hasSuffix("| \(word) \(number)") }
                    #expect(count == 1, "\(word) \(number): \(history)")
                }
                #expect(history.contains { $0.hasPrefix("s\(number)-1 exited with code 137") })
                for word in words {
                    let count = history.count {
                        $0.contains("✔") && $0.contains("-s\(number)-1 ") && $0.contains(word)
                    }
                    #expect(count == 1, "\(word) \(number): \(history)")
                }
            }
            #expect(history.count { $0.hasPrefix("Attaching to ") } == 1)
            if words.contains("Started") {
                #expect(history.count { $0.hasPrefix("[+] Running") } == 1, "\(history)")
            }
            #expect(history.count { $0.hasPrefix("[+] Stopping") } == 1)
            #expect(history.count { $0.contains("Gracefully Stopping") } == 1)
        }
    }
}
