import OCI
import Testing

@testable import Orchestrator

struct LogJournalTests {
    @Test(arguments: [[UInt8](repeating: 0xFF, count: 40), [UInt8](repeating: 0x80, count: 40), []])
    func `an impossible journal counts as none`(bytes: [UInt8]) {
        #expect(LogJournal(bytes) == nil)
    }

    @Test func `positions do not overflow`() throws {
        var bytes = [UInt8](repeating: 0xFF, count: 40)
        for place in [15, 23, 31] { bytes[place] = 0x7F }
        var journal = try #require(LogJournal(bytes))
        let line = LogFormat.header(Timestamp(seconds: 0), .output, .whole) + Array("text\n".utf8)
        journal.advance(over: line)
        #expect(journal.positions == [.max, .max])
        #expect(journal.size == .max)
    }

    @Test(arguments: [Int64.max, 253_402_300_799, -253_402_300_799, .min])
    func `a time beyond the range of nanoseconds is clamped`(seconds: Int64) {
        let time = Timestamp(seconds: seconds, nanoseconds: 999_999_999)
        #expect(time.sinceEpoch == (seconds < 0 ? .min : .max))
    }
}
