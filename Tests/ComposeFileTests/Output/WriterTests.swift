import Testing
import YAML

@testable import ComposeFile

struct WriterTests {
    static let texts = [
        "", "a", "a b", " a", "a ", "a: b", "a:", "a #b", "#a", "- a", "-", "--port", "?", "&a",
        "*a",
        "!a", "|", ">", "%a", "@a", "`a`", "\"a\"", "'a'", "[a]", "{a}", "a,b", "null", "Null", "~",
        "true", "True", "yes", "NO", "on", "y", "1", "010", "0x1f", "1_000", "1.5", "1e3", ".5",
        "+1",
        "-1", ".inf", ".NaN", "2020-01-01", "2020-01-01T00:00:00Z", "12:30:45", "22:22", "=", "<<",
        "a\nb", "a\nb\n", "a\nb\n\n", "\na", "a\n b", "  a\nb", "a \nb", "a\tb", "\ta", "a\r\nb",
        "\n",
        "ä", "日本", "🙂", "\u{7}", "\u{1B}[31m", "\u{FEFF}a", "\u{85}", "\u{2028}", "a\\b", "$a",
        "(a)",
        "10.0.0.0/8", "1m30s", "0o7", "0b1", "1__0", "a\u{A0}b", "- a\n- b", "a: b\nc: d", "#\na",
        "...", "---", "0.0.0.0", "::1", "1:2", "e", "E1", "1e", "0x", "1.", "1_",
    ]

    @Test(arguments: texts)
    func `a string survives a round trip through YAML`(text: String) throws {
        let value = Value.object([
            Value.Member("key", .string(text)), Value.Member(text, .integer(1)),
            Value.Member("list", .list([.string(text), .list([.string(text)])])),
        ])
        let back = try #require(try YAMLNode(parsing: value.yaml, file: "-")?.mapping)
        #expect(back["key"]?.string == text)
        if text != "key", text != "list" { #expect(back[text]?.integer == 1) }
        #expect(back["list"]?.sequence?.first?.string == text)
        #expect(back["list"]?.sequence?.last?.sequence?.first?.string == text)
    }

    /// Excludes U+0085, a line break in YAML only.
    @Test(arguments: texts.filter { $0 != "\u{85}" })
    func `a string survives a round trip through JSON`(text: String) throws {
        let back = try YAMLNode(parsing: Value.list([.string(text)]).json, file: "-")
        #expect(back?.sequence?.first?.string == text)
    }

    @Test func `YAML has docker compose's layout`() {
        let value = Value.object([
            Value.Member("name", .string("demo")),
            Value.Member(
                "services",
                .object([
                    Value.Member(
                        "web",
                        .object([
                            Value.Member("command", .list([.string("a"), .string("1")])),
                            Value.Member("networks", .object([Value.Member("net", .null)])),
                            Value.Member(
                                "ports",
                                .list([
                                    .object([
                                        Value.Member("target", .integer(80)),
                                        Value.Member("published", .string("80")),
                                    ])
                                ])
                            ),
                            Value.Member("text", .string("a\nb\n")),
                            Value.Member("volume", .object([])),
                        ])
                    )
                ])
            ),
        ])
        #expect(
            value.yaml == """
                name: demo
                services:
                  web:
                    command:
                      - a
                      - "1"
                    networks:
                      net: null
                    ports:
                      - target: 80
                        published: "80"
                    text: |
                      a
                      b
                    volume: {}

                """
        )
    }

    @Test func `JSON is escaped as by Go`() {
        let value = Value.object([
            Value.Member("a", .string("<&>\u{2028}\"\\\n\u{1}é")), Value.Member("b", .list([])),
            Value.Member("c", .object([])), Value.Member("d", .single(0.1)),
        ])
        #expect(
            value.json == #"""
                {
                  "a": "\u003c\u0026\u003e\u2028\"\\\n\u0001é",
                  "b": [],
                  "c": {},
                  "d": 0.1
                }
                """#
        )
    }
}
