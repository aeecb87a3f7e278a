import Linux
import OCI
import Synchronization
import Testing

@testable import Orchestrator
@testable import swiftcompose

struct LogPrinterTests {
    private final class Streams: Sendable {
        let texts = Mutex<[StandardStream: String]>([:])

        func write(_ bytes: [UInt8], _ stream: StandardStream) -> Bool {
            texts.withLock { $0[stream, default: ""] += String(decoding: bytes, as: UTF8.self) }
            return true
        }

        func text(_ stream: StandardStream) -> String { texts.withLock { $0[stream] ?? "" } }
    }

    private func line(_ text: String, of source: Int, _ stream: LogStream = .output) -> LogLine {
        LogLine(
            source: source,
            stream: stream,
            time: Timestamp(seconds: 0),
            text: Array(text.utf8)[...],
            continues: false
        )
    }

    @Test func `prefixes are as wide as the longest name`() {
        let streams = Streams()
        let printer = LogPrinter(.init(), write: streams.write)
        printer.add("web-1")
        printer.add("database-1")
        _ = printer.print(line("hello", of: 0))
        _ = printer.print(line("ready", of: 1))
        #expect(streams.text(.output).isEmpty)
        printer.flush()
        #expect(streams.text(.output) == "web-1       | hello\ndatabase-1  | ready\n")
    }

    @Test func `standard error is separated only on request`() {
        for separates in [true, false] {
            let streams = Streams()
            let printer = LogPrinter(
                .init(showsPrefix: false, separatesStreams: separates),
                write: streams.write
            )
            printer.add("web-1")
            _ = printer.print(line("out", of: 0))
            _ = printer.print(line("err", of: 0, .error))
            printer.flush()
            #expect(streams.text(.output) == (separates ? "out\n" : "out\nerr\n"))
            #expect(streams.text(.error) == (separates ? "err\n" : ""))
        }
    }

    @Test func `notices appear between the lines, in docker compose's words`() {
        let streams = Streams()
        let printer = LogPrinter(.init(), write: streams.write)
        let display = printer.display
        display.show(.attaching(to: ["web-1", "db-1"]))
        printer.add("web-1")
        _ = printer.print(line("bye", of: 0))
        display.show(.exited("web-1", .init(code: 3, isRestarting: true, ranOutOfMemory: true)))
        display.show(.exited("web-1", .init(code: nil)))
        display.show(.recreated("web-1"))
        display.show(.stopping)
        display.show(.aborting)
        #expect(
            streams.text(.output) == """
                Attaching to web-1, db-1
                web-1  | bye
                web-1 exited with code 3 (out of memory) (restarting)
                web-1 exited with code unknown
                web-1 has been recreated
                Gracefully Stopping... press Ctrl+C again to force

                """
        )
        #expect(streams.text(.error) == "Aborting on container exit...\n")
    }
}
