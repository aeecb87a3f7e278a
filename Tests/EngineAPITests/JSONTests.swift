import Testing

@testable import EngineAPI

struct JSONTests {
    @Test(arguments: [
        (#"{"a":[1,-2.5,true,null,"x"]}"#, #"{"a":[1,-2.5,true,null,"x"]}"#),
        (#" { "b" : {} , "a" : [ ] } "#, #"{"a":[],"b":{}}"#),
        (#""\u00e9\ud83d\ude00\n\"""#, "\"é😀\\n\\\"\""),
        (#""\ud800""#, "\"\u{FFFD}\""),
        ("9223372036854775807", "9223372036854775807"),
    ])
    func `a document is written in its canonical form`(text: String, canonical: String) throws {
        let bytes = try JSON(parsing: Array(text.utf8)).bytes
        #expect(String(decoding: bytes, as: UTF8.self) == canonical)
    }

    @Test(arguments: ["", "{", "[1,]", #"{"a"}"#, "tru", "1 2", "\"a", "\"\u{1}\"", "{1:2}", "--"])
    func `malformed text is refused`(text: String) {
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test func `a deeply nested document is refused`() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONSyntaxError.self) { try JSON(parsing: Array(text.utf8)) }
    }

    @Test func `values that Go clients send for unset fields are zero`() throws {
        let document = try JSON(parsing: Array(#"{"a":0,"b":"","c":[],"d":{"e":null}}"#.utf8))
        #expect(document.isZero)
        #expect(!JSON.array([0]).isZero)
    }
}
