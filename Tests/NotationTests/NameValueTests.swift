import Notation
import Testing

struct NameValueTests {
    @Test(arguments: [
        ("A=1", "A", "1"), ("A=", "A", ""), ("A", "A", nil), ("A=b=c", "A", "b=c"), ("=x", "", "x"),
        ("", "", nil),
    ])
    func `a name and its value are split at the first equals sign`(
        text: String,
        name: String,
        value: String?
    ) {
        #expect(text.nameAndValue.name == name)
        #expect(text.nameAndValue.value == value)
    }

    @Test func `a prefix is removed`() {
        #expect("service:web".suffix(after: "service:") == "web")
        #expect("web".suffix(after: "service:") == nil)
    }
}
