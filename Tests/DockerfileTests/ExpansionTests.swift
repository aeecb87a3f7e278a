import Testing

@testable import Dockerfile

struct ExpansionTests {
    private static let variables = [
        "SET": "value", "EMPTY": "", "PATHY": "/usr/local/lib/file.tar.gz", "REP": "foobarfoo",
        "TWO": "a b",
    ]

    @Test(arguments: [
        ("$SET", "value"), ("${SET}_x", "value_x"), ("$SET_x.", "."), ("$NONE", ""),
        ("${NONE:-d}", "d"), ("${EMPTY:-d}", "d"), ("${EMPTY-d}", ""), ("${NONE-d}", "d"),
        ("${NONE:-${EMPTY:-deep}}", "deep"), ("\"${NONE:-with space}\"", "with space"),
        ("${SET:+alt}", "alt"), ("${EMPTY:+alt}.", "."), ("${EMPTY+alt}", "alt"),
        ("${SET:?no}", "value"), ("${EMPTY?no}.", "."),
        ("${PATHY#*/}", "usr/local/lib/file.tar.gz"), ("${PATHY##*/}", "file.tar.gz"),
        ("${PATHY%.*}", "/usr/local/lib/file.tar"), ("${PATHY%%.*}", "/usr/local/lib/file"),
        ("${REP/foo/x}", "xbarfoo"), ("${REP//foo/x}", "xbarx"), ("${REP/o*o/-}", "f-"),
        ("${PATHY/\\//-}", "-usr/local/lib/file.tar.gz"), ("${REP//o/}", "fbarf"),
        ("'$SET'", "$SET"), ("\"$SET\"", "value"), ("a\\ b", "a b"), ("\\$SET", "$SET"),
        ("\"a\\nb\\\"\\$\\\\\"", "a\\nb\"$\\"), ("a\\nb", "anb"), ("$$SET", "SET"), ("$@.", "."),
        ("$1.", "."), ("a$", "a$"), ("a$.b", "a$.b"), ("$((1+1))", "$((1+1))"),
    ])
    func `a word is expanded`(text: String, expected: String) throws {
        #expect(try expansion.word(text) == expected)
    }

    @Test func `white space in a value splits words unless it is quoted`() throws {
        #expect(try expansion.words("$TWO \"$TWO\" c\\ d") == ["a", "b", "a b", "c d"])
    }

    @Test func `quotes in a heredoc are kept`() throws {
        #expect(try expansion.text("'$SET' \"x\" \\$SET \\n") == "'value' \"x\" $SET \\n")
    }

    @Test(arguments: [
        ("${B", "${"), ("${}", "bad substitution"), ("${NONE:?gone}", "NONE: gone"),
        ("${EMPTY:?}", "not allowed to be empty"), ("${SET:#x}", "modifier"), ("'x", "quote"),
        ("\"x", "quote"), ("${SET/a}", "/"),
    ])
    func `an invalid substitution is refused`(text: String, words: String) {
        let error = #expect(throws: DockerfileError.self) { try expansion.word(text) }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
    }

    @Test func `deep nesting is refused`() {
        let text = String(repeating: "${A:-", count: 10_000)
        let error = #expect(throws: DockerfileError.self) { try expansion.word(text) }
        #expect(error?.description.contains("nested") == true, "\(error as Any)")
    }

    private var expansion: Expansion {
        Expansion(at: SourcePosition(file: "Dockerfile", line: 1)) { Self.variables[$0] }
    }
}
