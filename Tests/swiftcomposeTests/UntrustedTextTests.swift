import Testing

@testable import swiftcompose

struct UntrustedTextTests {
    @Test(arguments: [
        "plain text, größer": "plain text, größer",
        "\u{1B}[31mred\u{1B}]0;title\u{07}": #"\x1b[31mred\x1b]0;title\x07"#,
        "a\r\nb\tc": #"a\r\nb\tc"#, "\u{9B}2J": #"\u009b2J"#, "\u{7F}": #"\x7f"#,
        "\u{202E}gnp.exe": #"\u202egnp.exe"#, "x\u{2066}y": #"x\u2066y"#,
    ])
    func `control characters are written as escapes`(text: String, expected: String) {
        #expect(UntrustedText.quoted(text) == expected)
    }

    @Test func `a message keeps its lines`() {
        #expect(UntrustedText.quoted("a\n\tb\u{1B}c", keepsLines: true) == "a\n\tb\\x1bc")
    }

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
        #expect(try ListFormat("{{.Name}}\\t|").lines(list) == [#"evil\x1b]0;x\x07"# + "\t|"])
    }
}
