import ArgumentParser
import OCI
import Testing

@testable import swiftcompose

struct TimeArgumentTests {
    private let now = Timestamp(seconds: 1_000_000_000)

    @Test(
        arguments: [
            ("2001-09-09T01:46:40Z", 1_000_000_000, 0), ("2001-09-09T01:46:40", 1_000_000_000, 0),
            ("2001-09-09", 999_993_600, 0), ("2001-09-09T03:46:40+02:00", 1_000_000_000, 0),
            ("999999999", 999_999_999, 0), ("999999999.5", 999_999_999, 500_000_000),
            ("42m", 999_997_480, 0), ("1h30m", 999_994_600, 0),
            ("1500ms", 999_999_998, 500_000_000),
        ] as [(String, Int64, Int32)]
    )
    func `a time is a timestamp, Unix seconds or relative`(
        text: String,
        seconds: Int64,
        nanoseconds: Int32
    ) {
        let expected = Timestamp(seconds: seconds, nanoseconds: nanoseconds)
        #expect(TimeArgument.moment(text, now: now) == expected)
    }

    @Test(arguments: ["", "yesterday", "12x", "h", "1.2.3x"])
    func `an invalid time is reported with its option`(text: String) {
        let error = #expect(throws: ValidationError.self) {
            _ = try TimeArgument.required(text, "--since", now: now)
        }
        #expect(error?.message.hasPrefix("--since: '\(text)' is not a valid time") == true)
    }
}
