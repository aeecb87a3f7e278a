import Notation
import Testing

@testable import swiftcompose

struct SizeAndAgeTests {
    @Test(
        arguments: [
            0: "0B", 999: "999B", 1_000: "1kB", 1_980_000: "1.98MB", 12_345_678: "12.3MB",
            117_000_000: "117MB", 2_500_000_000: "2.5GB",
        ] as [Int64: String]
    )
    func `sizes of images have at most three digits`(bytes: Int64, expected: String) {
        #expect(DecimalSize.text(bytes) == expected)
    }

    @Test(
        arguments: [
            -5: "Less than a second", 0: "Less than a second", 1: "1 second", 59: "59 seconds",
            60: "About a minute", 119: "About a minute", 120: "2 minutes", 3_599: "59 minutes",
            3_600: "About an hour", 7_200: "2 hours", 172_800: "2 days", 1_209_600: "2 weeks",
            5_184_000: "2 months", 63_072_000: "2 years",
        ] as [Int: String]
    )
    func `ages are rounded as docker's`(seconds: Int, expected: String) {
        #expect(Age.words(.seconds(seconds)) == expected)
    }
}
