import Testing

@testable import ComposeFile

struct TextTests {
    @Test(arguments: [
        ("a b  c", ["a", "b", "c"]), ("", []), ("  ", []),
        (#"sh -c "a && b""#, ["sh", "-c", "a && b"]),
        (#"'a b' "c d""#, ["a b", "c d"]), (#"a\ b"#, ["a b"]), (#"'a\b'"#, [#"a\b"#]),
        (#"a"b"c"#, ["abc"]), (#""""#, [""]), ("a && b", ["a"]), ("a > b", ["a"]),
        ("a 2> b", ["a"]), ("echo $(date -u)", ["echo", "$(date -u)"]), ("$HOME", ["$HOME"]),
        ("`date -u`", ["`date -u`"]), (#"\t"#, ["\t"]),
    ])
    func `a command line is split as by a shell`(line: String, words: [String]) {
        #expect(ShellWords.split(line) == words)
    }

    @Test(arguments: ["'a", "\"a", "a\\", "a(b)", "$(a", "`a", "a)"])
    func `an unterminated command line is rejected`(line: String) {
        #expect(ShellWords.split(line) == nil)
    }

    @Test(arguments: [
        (1.1, "1.1"), (1000, "1000"), (1_234_567, "1.234567e+06"), (1e21, "1e+21"),
        (0.0001, "0.0001"), (0.00001, "1e-05"), (-2.5, "-2.5"), (0, "0"), (123_456, "123456"),
    ])
    func `numbers are printed as by Go`(number: Double, text: String) {
        #expect(GoNumber.text(number) == text)
    }

    @Test(arguments: [
        (1_234_567, "1234567"), (1e20, "100000000000000000000"), (1e21, "1e+21"), (0.5, "0.5"),
        (1e-6, "0.000001"), (1e-7, "1e-7"), (1.5e-10, "1.5e-10"), (0, "0"),
    ])
    func `numbers are printed in JSON as by Go`(number: Double, text: String) {
        #expect(GoNumber.json(number) == text)
    }
}
