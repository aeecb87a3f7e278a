import Linux
import TestSupport
import Testing

extension EndToEnd {
    /// `up` in the foreground on a terminal, as a user sees it.
    @Suite struct AttachedTerminalTests {
        @Test(arguments: [(24, 80)])
        func `every log line is seen once, above or below the progress tree`(
            rows: Int,
            columns: Int
        ) throws {
            try needBusyBox()
            let services = (1...12).map { number in
                """
                  s\(number):
                    image: test/busybox
                    stop_signal: SIGKILL
                    command: [sh, -c, "echo first \(number); echo last \(number); sleep 60"]

                """
            }
            try withProject(["compose.yaml": "services:\n" + services.joined()]) { project in
                var up = try project.atTerminal(
                    "up",
                    size: .init(rows: UInt16(rows), columns: UInt16(columns))
                )
                try up.await(all: (1...12).map { "last \($0)\r\n" } + ["Running 13/13"])
                try up.type("\u{3}")
                let (status, _, transcript) = try up.outcome()
                #expect(status == 130)
                var screen = ScreenModel(rows: rows, columns: columns)
                screen.write(transcript)
                let history = screen.history
                for number in 1...12 {
                    for word in ["first", "last"] {
                        let count = history.count { $0.hasSuffix("| \(word) \(number)") }
                        #expect(count == 1, "\(word) \(number): \(history)")
                    }
                    #expect(history.contains { $0.hasPrefix("s\(number)-1 exited with code 137") })
                }
                #expect(history.count { $0.hasPrefix("Attaching to ") } == 1)
                #expect(history.count { $0.hasPrefix("[+] Running") } == 1)
                #expect(history.count { $0.hasPrefix("[+] Stopping 12/12") } == 1)
                #expect(history.count { $0.contains("Gracefully Stopping") } == 1)
                #expect(history.count { $0.contains("✔") && $0.contains("Started") } == 12)
                #expect(history.count { $0.contains("✔") && $0.contains("Stopped") } == 12)
            }
        }
    }
}
