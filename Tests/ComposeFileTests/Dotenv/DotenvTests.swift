import Testing
import YAML

@testable import ComposeFile

struct DotenvTests {
    @Test(arguments: [
        ("A=1\n", ["A": "1"]), ("A: 1", ["A": "1"]), ("export A = 1 \r\n", ["A": "1"]),
        ("\u{FEFF}A=1\n# no\n\n B=2", ["A": "1", "B": "2"]), ("A=x # no", ["A": "x"]),
        ("A=x#yes", ["A": "x#yes"]), ("A='$B\\n'", ["A": "$B\\n"]), ("A='it\\'s'", ["A": "it's"]),
        ("A=\"a\\tb\\n\\\"c\\\" \\\\ \\$D\"", ["A": "a\tb\n\"c\" \\ $D"]),
        ("A=\"two\nlines\"\nB=1", ["A": "two\nlines", "B": "1"]), ("A=", ["A": ""]),
        ("A=1\nB=$A${C:-3}", ["A": "1", "B": "13"]), ("A=$SHELL", ["A": "sh"]),
        ("SHELL=mine\nA=$SHELL", ["SHELL": "mine", "A": "sh"]),
        ("SHELL\nB=1", ["SHELL": "sh", "B": "1"]),
        ("NONE\nB=1", ["B": "1"]), ("A=\"\\0101\\08\"", ["A": "A\\08"]),
        ("A.b-c[0]=x", ["A.b-c[0]": "x"]),
        ("A='x' B=2\n", ["A": "x", "B": "2"]), ("A=a 'b' # c", ["A": "a 'b'"]), ("Ä=1", ["Ä": "1"]),
        ("A=$(echo x)", ["A": "$(echo x)"]), ("A=$$5", ["A": "$5"]), ("A=\t x", ["A": "x"]),
    ])
    func `an env file is parsed`(text: String, expected: [String: String]) throws {
        #expect(try parse(text) == expected)
    }

    @Test(arguments: [
        ("A=1\nB C=2\n", 2), ("A=1\n\nA'B=2\n", 3), ("A='x\n", 1), ("A=\"x\ny\nB=1", 1),
        ("A=1\nB=${\n", 2), ("A=1\nB=${C:?no}\n", 2), ("=\n%", 2),
    ])
    func `an error is located by line`(text: String, line: Int) {
        let error = #expect(throws: ComposeErrors.self) { try parse(text) }
        #expect(error?.errors.first?.location.line == line)
    }

    @Test(arguments: [
        ("A='1' # x\r\nB\nSHELL\n  C=$A \n", ["A": "'1' # x", "SHELL": "sh", "C": "$A "]),
        ("\u{FEFF}A=1\n#x\n\nB==\n", ["A": "1", "B": "="]),
    ])
    func `a raw file is taken literally`(text: String, expected: [String: String]) throws {
        var variables: [String: String] = [:]
        try Dotenv.parseRaw(Array(text.utf8), file: ".env", into: &variables) {
            $0 == "SHELL" ? "sh" : nil
        }
        #expect(variables == expected)
    }

    @Test(arguments: [
        ("=x", "no variable name"), ("A B=1", "cannot contain a space"),
        ("A\tB", "cannot contain a space"),
    ])
    func `a raw line without a valid name is rejected`(text: String, words: String) {
        var variables: [String: String] = [:]
        let error = #expect(throws: ComposeErrors.self) {
            try Dotenv.parseRaw(Array(text.utf8), file: ".env", into: &variables) { _ in nil }
        }
        #expect(error?.description.contains(words) == true, "\(error as Any)")
    }

    private func parse(_ text: String) throws -> [String: String] {
        var variables: [String: String] = [:]
        var warnings: [ComposeWarning] = []
        try Dotenv.parse(
            Array(text.utf8),
            file: ".env",
            into: &variables,
            warnings: &warnings
        ) { $0 == "SHELL" ? "sh" : nil }
        return variables
    }
}
