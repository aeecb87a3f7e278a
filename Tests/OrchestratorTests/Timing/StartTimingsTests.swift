import Synchronization
import Testing

@testable import Orchestrator

struct StartTimingsTests {
    private func span(
        _ object: String,
        _ times: ClosedRange<Int>,
        part: Int = 1,
        number: Int = 0,
        after: Set<Int> = []
    ) -> StartTimings.Span {
        StartTimings.Span(
            object: object,
            activity: "start",
            begin: .milliseconds(times.lowerBound),
            end: .milliseconds(times.upperBound),
            part: part,
            number: number,
            after: after
        )
    }

    @Test func `the critical path follows the dependency that ended last`() {
        let timings = StartTimings([
            span("network", 10...20, number: 0),
            span("quick", 20...30, number: 1, after: [0]),
            span("slow", 20...200, number: 2, after: [0]),
            span("web", 200...230, number: 3, after: [1, 2]),
            span("other", 20...100, number: 4, after: [0]),
        ])
        #expect(timings.criticalPath.map(\.object) == ["network", "slow", "web"])
        #expect(timings.total == .milliseconds(230))
    }

    @Test func `an operation without dependencies follows the part before its own`() {
        let timings = StartTimings([
            span("file", 0...5, part: 1), span("images", 6...90, part: 2),
            span("first", 91...95, part: 3, number: 0),
            span("second", 91...120, part: 3, number: 1),
        ])
        #expect(timings.criticalPath.map(\.object) == ["file", "images", "second"])
    }

    @Test func `the text lists the critical path first`() {
        let timings = StartTimings([
            span("a", 0...4, number: 0), span("bcd", 4...1250, number: 1, after: [0]),
            span("side", 4...9, number: 2, after: [0]),
        ])
        #expect(
            timings.text == """
                up took 1.250 s; the critical path:
                  at 0.000 s  0.004 s  a     start
                  at 0.004 s  1.246 s  bcd   start
                besides it:
                  at 0.004 s  0.005 s  side  start
                """
        )
    }

    @Test func `names are quoted in the drawing`() {
        let svg = StartTimings([span("<a & b>", 0...4)]).svg
        #expect(svg.contains("&lt;a &amp; b&gt;: start"))
        #expect(!svg.contains("<a &"))
    }

    @Test func `work is measured also if it fails`() async {
        struct Failure: Error {}
        let time = Mutex(ContinuousClock.now)
        let recorder = TimingRecorder { time.withLock(\.self) }
        await #expect(throws: Failure.self) {
            try await recorder.measuring("Images", "pull") {
                time.withLock { $0 += .seconds(2) }
                throw Failure()
            }
        }
        #expect(recorder.timings.spans.map(\.duration) == [.seconds(2)])
    }
}
