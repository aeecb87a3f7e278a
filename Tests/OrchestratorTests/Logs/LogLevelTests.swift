import OCI
import Testing

@testable import Orchestrator

struct LogLevelTests {
    @Test(
        arguments: [
            (#"{"level":"warn","msg":"x"}"#, .warning), (#"{"level":50,"msg":"x"}"#, .error),
            (#"{"severity":"CRITICAL"}"#, .fatal), (#"{"msg":"ERROR in text"}"#, .error),
            ("time=1 level=debug msg=x", .debug), (#"ts=1 severity="error""#, .error),
            ("2026-01-01 10:00:00.000 UTC [1] FATAL:  no", .fatal),
            ("2026/01/01 10:00:00 [error] 7#7: *1 open() failed", .error),
            ("WARNING:root:disk", .warning), ("error: bad thing", .error), ("INFO started", .info),
            ("no error was found", nil), ("the information is here", nil), ("", nil), ("{", nil),
            ("10:11 LOG:  checkpoint", .info),
        ] as [(String, LogLevel?)]
    )
    func `the level of a line is found in common formats`(line: String, level: LogLevel?) {
        #expect(LogLevel(ofLine: line) == level)
    }

    @Test func `lines without a level belong to the line before them`() {
        var filter = LogFilter(minimum: .error)
        let accepted = [
            ("INFO a", 0), ("  at b", 0), ("ERROR c", 1), ("  at d", 1), ("  at e", 0),
            ("INFO f", 1), ("  at g", 1),
        ].filter { text, source in
            let line = LogLine(
                source: source,
                stream: .output,
                time: Timestamp(seconds: 0),
                text: Array(text.utf8)[...],
                continues: false
            )
            return filter.accepts(line, level: LogLevel(ofLine: text))
        }.map(\.0)
        #expect(accepted == ["ERROR c", "  at d"])
    }
}
