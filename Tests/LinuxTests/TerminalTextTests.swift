import Linux
import Testing

struct TerminalTextTests {
    @Test(arguments: [
        ("plain text, äöü, 日本語, 👩‍💻", "plain text, äöü, 日本語, 👩‍💻"),
        ("\u{1B}[31mred\u{1B}]0;title\u{7}", "\\x1b[31mred\\x1b]0;title\\a"),
        ("a\r\nb\tc", "a\\r\\nb\\tc"), ("\u{9B}2J", "\\u009b2J"), ("\u{7F}\0", "\\x7f\\x00"),
        ("user\u{202E}gnp.exe", "user\\u202egnp.exe"), ("a\u{2028}b", "a\\u2028b"),
    ])
    func `control characters are escaped`(text: String, expected: String) {
        #expect(text.escapedForTerminal() == expected)
    }

    @Test func `line feeds and tabs can be kept, carriage returns cannot`() {
        #expect("a\r\n\tb".escapedForTerminal(keepingNewlines: true) == "a\\r\n\tb")
    }
}
