import Testing

@testable import YAML

struct DocumentTests {
    @Test func `every node and key has a location`() throws {
        let root = try node("a:\n  b: [1, x]\n")
        let a = try #require(root.mapping?.entry("a"))
        #expect(a.keyLocation == SourceLocation(file: "c.yaml", line: 1, column: 1))
        let b = try #require(a.value.mapping?["b"]?.sequence)
        #expect(b.map(\.location.column) == [7, 10])
        #expect(b[1].location.description == "c.yaml:2:10")
    }

    @Test func `an alias has the value of its anchor`() throws {
        let root = try node("a: &x {k: 1}\nb: *x\n")
        #expect(root.mapping?["a"] == root.mapping?["b"])
    }

    @Test func `a merge adds absent keys`() throws {
        let text = """
            a: &a {x: 1, y: 1}
            b: &b {<<: *a, y: 2}
            c: {<<: [*b, {x: 9, z: 3}], y: null}
            """
        let c = try #require(try node(text).mapping?["c"]?.mapping)
        #expect(c["x"]?.integer == 1)
        #expect(c["y"]?.isNull == true)
        #expect(c["z"]?.integer == 3)
    }

    @Test func `a quoted merge key is an ordinary key`() throws {
        #expect(try node("'<<': 1").mapping?["<<"]?.integer == 1)
    }

    @Test func `several documents are read from one stream`() throws {
        let documents = try YAMLDocument.all(in: Array("a: 1\n---\n---\nb: 2\n".utf8), file: "c")
        #expect(documents.count == 3)
        #expect(documents[1].root.isNull)
    }

    @Test func `an empty stream has no documents`() throws {
        #expect(try YAMLNode(parsing: "# nothing\n", file: "c.yaml") == nil)
    }

    @Test(arguments: ["\u{FEFF}a: 1\r\nb: 2\r\n", "{\"a\":\t1,\n\t\"b\": 2}"])
    func `byte order marks, carriage returns and JSON are accepted`(text: String) throws {
        #expect(try node(text).mapping?.keys == ["a", "b"])
    }

    @Test func `tags are collected as marks`() throws {
        let text = """
            x: &x {e: !override [1]}
            s:
              w: {<<: *x, p: !reset [], l: [!reset a, b]}
            """
        let document = try #require(try YAMLDocument.all(in: Array(text.utf8), file: "c").first)
        #expect(
            document.marks.map(\.path) == [
                ["x", "e"], ["s", "w", "e"], ["s", "w", "p"], ["s", "w", "l", "0"],
            ]
        )
        #expect(document.marks.map(\.kind) == [.override, .override, .reset, .reset])
        let w = try #require(document.root.mapping?["s"]?.mapping?["w"]?.mapping)
        #expect(w["p"] == nil)
        #expect(w["l"]?.sequence?.count == 1)
    }

    private func node(_ text: String) throws -> YAMLNode {
        try #require(try YAMLNode(parsing: text, file: "c.yaml"))
    }
}
