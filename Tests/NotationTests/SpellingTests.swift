import Notation
import Testing

struct SpellingTests {
    @Test(arguments: [
        ("imge", "image"), ("prots", "ports"), ("enviroment", "environment"), ("tyt", "tty"),
        ("IMAGE", "image"),
    ])
    func `typing errors are recognised`(word: String, meant: String) {
        let known = ["image", "ports", "environment", "tty"]
        #expect(Spelling.nearest(to: word, among: known) == meant)
        #expect(Spelling.hint(for: word, among: known) == "; did you mean '\(meant)'?")
    }

    @Test(arguments: ["banana", "", String(repeating: "image", count: 100_000)])
    func `a word unlike every known one gets no suggestion`(word: String) {
        #expect(Spelling.nearest(to: word, among: ["image", "ports"]) == nil)
        #expect(Spelling.hint(for: word, among: ["image", "ports"]) == "")
    }

    @Test func `the first by name of two equally close words is suggested`() {
        #expect(Spelling.nearest(to: "cbche", among: ["cache", "cbchf"]) == "cache")
    }
}
