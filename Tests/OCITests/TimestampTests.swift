import Testing

@testable import OCI

struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, 0, "1970-01-01T00:00:00Z"),
        ("2023-11-14T22:13:20Z", 1_700_000_000, 0, "2023-11-14T22:13:20Z"),
        ("2023-11-15T00:13:20+02:00", 1_700_000_000, 0, "2023-11-14T22:13:20Z"),
        ("2000-02-29T12:00:00.5Z", 951_825_600, 500_000_000, "2000-02-29T12:00:00.5Z"),
        ("0001-01-01T00:00:00Z", -62_135_596_800, 0, "0001-01-01T00:00:00Z"),
        (
            "2024-05-01t12:00:00.123456789123z", 1_714_564_800, 123_456_789,
            "2024-05-01T12:00:00.123456789Z"
        ),
    ])
    func `a time is parsed to the nanosecond and formatted in UTC`(
        text: String,
        seconds: Int,
        nanoseconds: Int,
        shown: String
    ) throws {
        let time = try Timestamp(text)
        #expect(time == Timestamp(seconds: Int64(seconds), nanoseconds: Int32(nanoseconds)))
        #expect(time.description == shown)
    }

    @Test(arguments: [
        "", "now", "2024-05-01", "2024-13-01T00:00:00Z", "2024-05-01T24:00:00Z",
        "2024-05-01T00:00:00", "2024-05-01T00:00:00.Z", "2024-05-01T00:00:00Zx",
    ])
    func `an invalid time is refused`(text: String) {
        #expect(throws: OCIError(.timestamp, in: text)) { try Timestamp(text) }
    }
}
