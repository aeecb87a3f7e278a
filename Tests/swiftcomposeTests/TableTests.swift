import Testing

@testable import swiftcompose

struct TableTests {
    @Test func `text of images and containers cannot control the terminal`() {
        var table = Table(headings: ["COMMAND", "NAME"], minimumWidth: 4, gap: 1)
        table.rows = [["\u{1B}[31mred\u{7}", "a\u{202E}b"]]
        #expect(table.lines() == ["COMMAND       NAME", "\\x1b[31mred\\a a\\u202eb"])
    }
}
