import Testing

@testable import Dockerfile

struct PathPatternTests {
    @Test(arguments: [
        ("*.txt", "a.txt", true), ("*.txt", "d/a.txt", false), ("?.md", "a.md", true),
        ("*", ".dot", true), ("[ab].x", "a.x", true), ("[^a].x", "a.x", false),
        ("[a-c]*", "cow", true), ("arr[[]0]", "arr[0]", true), ("\\*", "*", true),
        ("\\*", "a", false), ("**/x", "a/x", true), ("**/x", "a/b/x", false),
    ])
    func `a shell pattern is matched`(pattern: String, path: String, expected: Bool) throws {
        #expect(try #require(PathPattern(pattern)).matches(path) == expected)
    }

    @Test(arguments: [
        ("**/x", "x", true), ("**/x", "a/b/x", true), ("**/x", "a/bx", false),
        ("a/**", "a/b/c", true), ("a/**", "a", false), ("a/**/z", "a/z", true),
        ("a/**/z", "a/b/c/z", true), ("a/**/z", "a/bz", false), ("**", "a/b", true),
        ("**.log", "a/b.log", true),
    ])
    func `two stars match across directories`(pattern: String, path: String, expected: Bool) throws
    {
        let matcher = try #require(PathPattern(pattern, crossesFolders: true))
        #expect(matcher.matches(path) == expected)
    }

    @Test(arguments: ["[", "[a", "[]", "[-a]", "[b-a]", "a\\"])
    func `an invalid pattern is refused`(text: String) {
        #expect(PathPattern(text) == nil)
    }

    @Test func `matching many stars takes polynomial time`() throws {
        let pattern = try #require(PathPattern(String(repeating: "*a", count: 200)))
        #expect(!pattern.matches(String(repeating: "a", count: 2000) + "b"))
    }
}

struct IgnorePatternsTests {
    @Test(arguments: [
        ("a", "a/b/c", true), ("/a/", "a", true), ("./a", "a", true), ("b/../a", "a", true),
        ("*.log", "d/x.log", false), ("**/*.log", "d/x.log", true), ("# a", "# a", false),
        (" a ", "a", true), ("*\n!keep", "keep", false), ("!keep\n*", "keep", true),
        ("d\n!d/keep", "d/keep", false), ("d\n!d/keep", "d/other", true), ("", "a", false),
    ])
    func `the last matching pattern decides`(text: String, path: String, expected: Bool) throws {
        #expect(try IgnorePatterns(parsing: text, file: "f").ignores(path) == expected)
    }

    @Test(arguments: [("!", "f:1"), ("a\n[", "f:2"), ("x[b-a]", "f:1")])
    func `an invalid pattern in an ignore file is refused`(text: String, place: String) {
        let error = #expect(throws: DockerfileError.self) {
            try IgnorePatterns(parsing: text, file: "f")
        }
        #expect(error?.description.hasPrefix(place) == true, "\(error as Any)")
    }
}
