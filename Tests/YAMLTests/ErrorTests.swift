import Testing

@testable import YAML

struct ErrorTests {
    @Test(arguments: [
        ("a: 1\nb: 2\na: 3\n", 3, 1), ("a:\n\tb: 1\n", 2, 1), ("a: [1\n", 2, 1),
        ("1: x\n", 1, 1), ("a: *b\n", 1, 4), ("a: &a {b: *a}\n", 1, 11), ("<<: 1\n", 1, 5),
        ("a: @x\n", 1, 4), ("k: \"a\n", 2, 1), ("a: b: c\n", 1, 5), ("a:\n  !!int x: 1\n", 2, 3),
    ])
    func `an error is located`(text: String, line: Int, column: Int) {
        let error = #expect(throws: YAMLError.self) { try YAMLNode(parsing: text, file: "c.yaml") }
        #expect(error?.location == SourceLocation(file: "c.yaml", line: line, column: column))
    }

    @Test func `a non-string key is named with its path`() {
        let error = #expect(throws: YAMLError.self) {
            try YAMLNode(parsing: "services:\n  app: {1: a}\n", file: "c.yaml")
        }
        #expect(error?.description.contains("services.app") == true)
    }

    @Test func `invalid UTF-8 is rejected with its line`() {
        let bytes = Array("a: 1\nb: ".utf8) + [0xFF, 0xFE]
        let error = #expect(throws: YAMLError.self) {
            try YAMLDocument.all(in: bytes, file: "c.yaml")
        }
        #expect(error?.location.line == 2)
    }

    @Test func `an alias bomb is rejected without being expanded`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...12 {
            let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        let error = #expect(throws: YAMLError.self) { try YAMLNode(parsing: text, file: "c.yaml") }
        #expect(error?.problem == .tooManyNodes(limit: 2_000_000))
    }

    @Test(arguments: ["[", "{a: ", "- ", "? "])
    func `deep nesting is rejected`(opening: String) {
        let text = String(repeating: opening, count: 100_000)
        let error = #expect(throws: YAMLError.self) { try YAMLNode(parsing: text, file: "c.yaml") }
        #expect(error?.problem == .tooDeep(limit: YAMLLimits().depth))
    }

    @Test func `an oversized stream is rejected`() {
        var limits = YAMLLimits()
        limits.bytes = 3
        let error = #expect(throws: YAMLError.self) {
            try YAMLDocument.all(in: Array("a: 1".utf8), file: "c", limits: limits)
        }
        #expect(error?.problem == .tooLarge(bytes: 4, limit: 3))
    }
}
