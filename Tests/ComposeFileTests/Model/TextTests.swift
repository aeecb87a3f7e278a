import Testing

@testable import ComposeFile

struct TextTests {
    @Test(
        arguments: [
            ("0", .zero), ("90s", .seconds(90)), ("1m30s", .seconds(90)),
            ("500ms", .milliseconds(500)), ("1.5s", .milliseconds(1500)), ("2us", .microseconds(2)),
            ("2µs", .microseconds(2)), ("1d", .seconds(86_400)), ("1w", .seconds(604_800)),
            ("-1s", .seconds(-1)), ("+1s", .seconds(1)), (".5s", .milliseconds(500)),
            ("1h1m1s1ms1us1ns", .nanoseconds(3_661_001_001_001)),
        ] as [(String, Duration)]
    )
    func `a duration is read in every unit`(text: String, expected: Duration) {
        #expect(DurationText.value(of: text) == expected)
    }

    @Test(arguments: ["", "-", "10", "s", "1x", ".s", "1s ", "1 s", "1..5s", "9999999999999w"])
    func `what is no duration is refused`(text: String) {
        #expect(DurationText.value(of: text) == nil)
    }

    @Test(
        arguments: [
            ("0s", .zero), ("1m30s", .seconds(90)), ("1h0m0s", .seconds(3600)),
            ("10.5s", .milliseconds(10_500)), ("2µs", .microseconds(2)),
            ("100ns", .nanoseconds(100)),
            ("1.5ms", .microseconds(1500)), ("-3s", .seconds(-3)), ("36h0m0s", .seconds(129_600)),
        ] as [(String, Duration)]
    )
    func `a duration is printed as Go prints it`(text: String, duration: Duration) {
        #expect(DurationText.text(of: duration) == text)
    }

    @Test(arguments: [
        ("512", 512), ("1k", 1024), ("64m", 67_108_864), ("1.5gb", 1_610_612_736),
        ("2KiB", 2048), ("10 MB", 10_485_760), ("3b", 3), ("1T", 1_099_511_627_776), (".5k", 512),
    ])
    func `a size is read in powers of 1024`(text: String, bytes: Int64) {
        #expect(ByteCount(parsing: text) == ByteCount(bytes))
    }

    @Test(arguments: ["", "m", "-1", "1x", "1kbb", "1bk", "1e3", "nan", "1 k b", "99999999p"])
    func `what is no size is refused`(text: String) {
        #expect(ByteCount(parsing: text) == nil)
    }

    @Test(arguments: [
        ("a b  c", ["a", "b", "c"]), ("", []), ("  ", []),
        (#"sh -c "a && b""#, ["sh", "-c", "a && b"]),
        (#"'a b' "c d""#, ["a b", "c d"]), (#"a\ b"#, ["a b"]), (#"'a\b'"#, [#"a\b"#]),
        (#"a"b"c"#, ["abc"]), (#""""#, [""]), ("a && b", ["a"]), ("a > b", ["a"]),
        ("a 2> b", ["a"]), ("echo $(date -u)", ["echo", "$(date -u)"]), ("$HOME", ["$HOME"]),
        ("`date -u`", ["`date -u`"]), (#"\t"#, ["\t"]),
    ])
    func `a command line is split as a shell splits it`(line: String, words: [String]) {
        #expect(ShellWords.split(line) == words)
    }

    @Test(arguments: ["'a", "\"a", "a\\", "a(b)", "$(a", "`a", "a)"])
    func `a command line that does not end is refused`(line: String) {
        #expect(ShellWords.split(line) == nil)
    }

    @Test(arguments: [
        (1.1, "1.1"), (1000, "1000"), (1_234_567, "1.234567e+06"), (1e21, "1e+21"),
        (0.0001, "0.0001"), (0.00001, "1e-05"), (-2.5, "-2.5"), (0, "0"), (123_456, "123456"),
    ])
    func `a number is printed as Go prints it`(number: Double, text: String) {
        #expect(GoNumber.text(number) == text)
    }

    @Test(arguments: [
        (1_234_567, "1234567"), (1e20, "100000000000000000000"), (1e21, "1e+21"), (0.5, "0.5"),
        (1e-6, "0.000001"), (1e-7, "1e-7"), (1.5e-10, "1.5e-10"), (0, "0"),
    ])
    func `a number is printed in JSON as Go prints it`(number: Double, text: String) {
        #expect(GoNumber.json(number) == text)
    }

    @Test(arguments: ["1.2.3.4", "::", "::1", "fe80::1", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4"])
    func `addresses are known`(text: String) {
        #expect(IPAddress.isValid(text))
    }

    @Test(arguments: [
        "", "1.2.3", "1.2.3.256", "01.2.3.4", "1.2.3.4.5", ":::", "1:2:3", "g::1", "::12345",
        "1::2::3", "1:2:3:4:5:6:7:8:9", "localhost", "+1.2.3.4", "::1%eth0",
    ])
    func `other texts are no addresses`(text: String) {
        #expect(!IPAddress.isValid(text))
    }
}
