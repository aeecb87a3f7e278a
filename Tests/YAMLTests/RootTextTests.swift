import Testing
import YAML

struct RootTextTests {
    @Test(arguments: [
        ("name: shop\nservices: {}\n", "shop"),
        ("services:\n  name: {name: inner}\n  list: [name, {name: x}]\nname: shop\n", "shop"),
        ("{services: {}, name: shop}", "shop"),
        ("\"name\": 'shop'\n", "shop"),
        ("name: &n shop\nservices: {a: {image: *n}}\n", "shop"),
        ("name: >-\n  shop\n", "shop"),
        ("name: one\n---\nname: two\n", "two"),
        ("name: one\n---\nservices: {}\n", "one"),
        ("services: {}\n---\nname: two\n", "two"),
    ])
    func `a string under a top-level key is found`(yaml: String, expected: String) throws {
        guard case .text(let text, _) = try rootText(yaml) else {
            Issue.record("not found in \(yaml)")
            return
        }
        #expect(text == expected)
        let root = try #require(
            try YAMLDocument.all(in: Array(yaml.utf8), file: "compose.yaml").map(\.root)
                .last { $0.mapping?["name"] != nil }
        )
        #expect(root.mapping?["name"]?.string == expected)
    }

    @Test func `the location is that of the tree`() throws {
        let yaml = "services: {}\nname:   shop\n"
        let node = try #require(try YAMLNode(parsing: yaml, file: "compose.yaml"))
        let location = try #require(node.mapping?["name"]?.location)
        #expect(try rootText(yaml) == .text("shop", at: location))
    }

    @Test(arguments: [
        "services: {a: {name: x}}\n", "{}", "services: {}\n---\nvolumes: {}\n",
        "x-name: name\n",
    ])
    func `a key in no document's root is absent`(yaml: String) throws {
        #expect(try rootText(yaml) == .absent)
    }

    @Test(arguments: [
        "", "# nothing\n", "name", "- name: x\n", "---\n",
        "name: 5\n", "name:\n", "name: ''\n", "name: [x]\n", "name: {a: b}\n", "name: 2020-01-01\n",
        "name: !!str 5\n", "name: !reset x\n", "!!str name: x\n", "!override {name: x}\n",
        "a: &a x\nname: *a\n", "a: &n name\n*n : x\n", "a: &a {name: x}\n<<: *a\n",
        "name: x\nname: x\n", "? [name]\n: x\n", "name: x\n---\nname: 5\n", "5: x\nname: x\n",
    ])
    func `a value that depends on the tree is unclear`(yaml: String) throws {
        #expect(try rootText(yaml) == .unclear)
    }

    @Test(arguments: ["name: x\nservices: [\n", "name: x\n\tb: c\n", "a: {b: c\n"])
    func `a syntax error anywhere is reported`(yaml: String) {
        #expect(throws: YAMLError.self) { try rootText(yaml) }
    }

    private func rootText(_ yaml: String) throws(YAMLError) -> RootText {
        try RootText(of: "name", in: Array(yaml.utf8), file: "compose.yaml")
    }
}
