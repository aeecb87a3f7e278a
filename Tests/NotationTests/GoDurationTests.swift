import Notation
import Testing

struct GoDurationTests {
    @Test(
        arguments: [
            ("0", .zero), ("90s", .seconds(90)), ("1m30s", .seconds(90)),
            ("500ms", .milliseconds(500)), ("1.5s", .milliseconds(1500)), ("2us", .microseconds(2)),
            ("2µs", .microseconds(2)), ("2μs", .microseconds(2)), ("-1s", .seconds(-1)),
            ("+1s", .seconds(1)), (".5s", .milliseconds(500)), ("1.s", .seconds(1)),
            ("1h1m1s1ms1us1ns", .nanoseconds(3_661_001_001_001)),
            ("9223372036854775807ns", .nanoseconds(Int64.max)),
        ] as [(String, Duration)]
    )
    func `every unit of Go is read`(text: String, expected: Duration) {
        #expect(GoDuration.duration(of: text) == expected)
    }

    @Test(arguments: ["1d": 86_400, "1w": 604_800, "1w1d1s": 691_201, "1.5d": 129_600])
    func `days and weeks are read where they are allowed`(text: String, seconds: Int) {
        #expect(GoDuration.duration(of: text, units: .withDaysAndWeeks) == .seconds(seconds))
        #expect(GoDuration.duration(of: text) == nil)
    }

    @Test(arguments: [
        "", "-", "+", "10", "s", "1x", ".s", ".", "1s ", " 1s", "1 s", "1..5s", "1.5.5s",
        "1s\u{301}",
        "--1s", "٣s", "1e3s",
    ])
    func `other texts are rejected`(text: String) {
        #expect(GoDuration.duration(of: text, units: .withDaysAndWeeks) == nil)
    }

    @Test(arguments: [
        "9999999999999w", "9223372036854775808ns", "99999999999999999999s",
        "9223372036854775807ns1ns", "9223372036854775807ns0.9w", "15250w.99w",
        "9223372036.9s",
    ])
    func `durations beyond 292 years are rejected`(text: String) {
        #expect(GoDuration.duration(of: text, units: .withDaysAndWeeks) == nil)
    }

    @Test(
        arguments: [
            ("0s", .zero), ("1m30s", .seconds(90)), ("1h0m0s", .seconds(3600)),
            ("10.5s", .milliseconds(10_500)), ("2µs", .microseconds(2)),
            ("100ns", .nanoseconds(100)), ("1.5ms", .microseconds(1500)), ("-3s", .seconds(-3)),
            ("-1.5ms", .microseconds(-1500)), ("36h0m0s", .seconds(129_600)),
            ("2562047788015215h30m7s", .seconds(Int64.max)),
        ] as [(String, Duration)]
    )
    func `durations are printed as Go prints them`(text: String, duration: Duration) {
        #expect(GoDuration.text(of: duration) == text)
    }
}
