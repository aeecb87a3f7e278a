import Notation
import Testing

struct ByteCountTests {
    @Test(arguments: [
        ("512", 512), ("1k", 1024), ("64m", 67_108_864), ("1.5gb", 1_610_612_736),
        ("2KiB", 2048), ("10 MB", 10_485_760), ("3b", 3), ("1T", 1_099_511_627_776), (".5k", 512),
    ])
    func `units are powers of 1024`(text: String, bytes: Int64) {
        #expect(ByteCount(parsing: text) == ByteCount(bytes))
    }

    @Test(arguments: [
        "", "m", "-1", "1x", "1kbb", "1bk", "1e3", "nan", "inf", "1 k b", ".", "+", "٣k",
        "99999999p", "9223372036854775808", "99999999999999999999999999999999999999",
    ])
    func `other texts and overflowing sizes are rejected`(text: String) {
        #expect(ByteCount(parsing: text) == nil)
    }
}
