import Testing

@testable import YAML

struct ScalarTests {
    @Test(arguments: [
        ("1", YAMLNode.Content.integer(1)), ("010", .integer(8)), ("0o10", .integer(8)),
        ("0x10", .integer(16)), ("0b10", .integer(2)), ("-0x10", .integer(-16)),
        ("1_000", .integer(1000)), ("+5", .integer(5)), ("08", .float(8)), ("1.10", .float(1.1)),
        (".5", .float(0.5)), ("1e3", .float(1000)), ("1e999", .string("1e999")),
        (".inf", .float(.infinity)), ("-.INF", .float(-.infinity)),
        ("9223372036854775808", .unsigned(9_223_372_036_854_775_808)),
        ("99999999999999999999", .float(1e20)), ("0x", .string("0x")), ("-", .string("-")),
        ("1.2.3", .string("1.2.3")), ("22:22", .string("22:22")), ("+-5", .string("+-5")),
    ])
    func `numbers are read in every base`(text: String, expected: YAMLNode.Content) {
        #expect(same(ScalarResolution.plain(text), expected))
    }

    @Test(arguments: [
        ("true", YAMLNode.Content.bool(true)), ("False", .bool(false)), ("yes", .string("yes")),
        ("off", .string("off")), ("y", .string("y")), ("~", .null), ("", .null), ("NULL", .null),
        ("nil", .string("nil")),
    ])
    func `only booleans and null of YAML 1 2 are recognised`(
        text: String,
        expected: YAMLNode.Content
    ) {
        #expect(same(ScalarResolution.plain(text), expected))
    }

    @Test(arguments: [
        "2001-01-01", "2001-1-2", "2024-02-29", "2001-12-14t21:59:43.10-05:00",
        "2001-12-14 21:59:43.10", "2001-12-14T21:59:43Z",
    ])
    func `dates are recognised`(text: String) {
        #expect(same(ScalarResolution.plain(text), .timestamp(text)))
    }

    @Test(arguments: ["2001-13-01", "2023-02-29", "2001-01-01 5", "200-01-01", "2001-01-011"])
    func `invalid dates are strings`(text: String) {
        #expect(same(ScalarResolution.plain(text), .string(text)))
    }

    @Test(arguments: [
        ("!!str 123", YAMLNode.Content.string("123")), ("!!int \"3\"", .integer(3)),
        ("!!float \"1\"", .float(1)), ("!!bool \"true\"", .bool(true)), ("! 12", .integer(12)),
        ("!foo 12", .string("12")), ("!!binary aGk=", .string("hi")), ("!!null ''", .null),
    ])
    func `a tag determines the kind of a scalar`(text: String, expected: YAMLNode.Content) throws {
        let node = try #require(try YAMLNode(parsing: text, file: "a.yaml"))
        #expect(same(node.content, expected))
    }

    @Test(arguments: ["!!int x", "!!bool yes", "!!float a", "!!binary '*'", "!!null x"])
    func `a scalar that does not match its tag is rejected`(text: String) {
        let error = #expect(throws: YAMLError.self) { try YAMLNode(parsing: text, file: "a.yaml") }
        let tag = text.prefix { $0 != " " }
        #expect(error?.description.contains(tag) == true, "\(error as Any)")
    }

    private func same(_ left: YAMLNode.Content, _ right: YAMLNode.Content) -> Bool {
        let place = SourceLocation(file: "", line: 1, column: 1)
        return YAMLNode(left, at: place) == YAMLNode(right, at: place)
    }
}
