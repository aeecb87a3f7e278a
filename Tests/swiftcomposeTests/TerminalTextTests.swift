import Testing

@testable import swiftcompose

struct TerminalTextTests {
    @Test func `a table's cells are quoted before they are measured`() {
        var table = Table(headings: ["NAME", "COMMAND"], minimumWidth: 1, gap: 1)
        table.rows = [["a\u{1B}[2J", "x"], ["b", "y\nz"]]
        #expect(table.lines() == ["NAME     COMMAND", #"a\x1b[2J x"#, #"b        y\nz"#])
    }

    @Test func `JSON stays valid and free of control characters`() {
        let text = JSONText.line(["\u{1B}\u{9B}\u{202E}é"])
        #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x9B })
        #expect(text == #"["\u001b\u009b\u202eé"]"# || text == #"["\u001B\u009b\u202eé"]"#)
        #expect(JSONText.indented(["a"]).contains("\n"))
    }

    @Test func `a template's values are quoted, its own text is not`() throws {
        let list = FormattedList(
            [["Name": "evil\u{1B}]0;x\u{07}"]],
            headings: [:],
            columns: ["Name"]
        )
        #expect(try ListFormat("{{.Name}}\\t|").lines(list) == [#"evil\x1b]0;x\a"# + "\t|"])
    }
}
