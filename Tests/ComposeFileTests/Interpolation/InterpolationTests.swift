import Testing
import YAML

@testable import ComposeFile

struct InterpolationTests {
    @Test(arguments: [
        ("cpus: '$V'", "1.5", YAMLNode.Content.float(1.5)), ("scale: '$V'", "3", .integer(3)),
        ("privileged: $V", "yes", .bool(true)), ("tty: '$V'", "OFF", .bool(false)),
        ("image: $V", "5", .string("5")), ("ulimits: {nofile: '$V'}", "9", .integer(9)),
        ("ports: [{target: '$V'}]", "80", .integer(80)), ("oom_score_adj: $V", "-5", .integer(-5)),
    ])
    func `a string is converted to the type of its attribute`(
        line: String,
        value: String,
        expected: YAMLNode.Content
    ) throws {
        var root = try interpolate("services:\n  a:\n    \(line)\n", ["V": value])
        while let next = root.mapping?.first?.value ?? root.sequence?.first { root = next }
        #expect(root == YAMLNode(expected, at: root.location))
    }

    @Test(arguments: [
        ("scale", "0x10"), ("scale", "3.0"), ("scale", ""), ("scale", "1_000"), ("tty", "1"),
        ("tty", ""), ("cpus", "0x10"), ("cpus", "five"), ("init", "enabled"),
    ])
    func `a string of another type is rejected with its location`(key: String, value: String) {
        let error = #expect(throws: ComposeErrors.self) {
            try interpolate("services:\n  a:\n    \(key): $V\n", ["V": value])
        }
        #expect(error?.errors.first?.location.line == 3)
        #expect(error?.description.contains("services.a.\(key)") == true)
    }

    @Test func `all errors are reported together`() {
        let text = "services:\n  a: {image: '${', tty: maybe}\n  b: {image: '${X:?why}'}\n"
        let error = #expect(throws: ComposeErrors.self) { try interpolate(text, [:]) }
        #expect(error?.errors.map(\.location.line) == [2, 2, 3])
    }

    @Test func `keys are not interpolated, names are`() throws {
        let root = try interpolate("name: $V\nx-a: {$V: [$V]}\n", ["V": "v"])
        #expect(root.at("name")?.string == "v")
        #expect(root.texts("x-a.$V") == ["v"])
    }

    @Test func `a YAML 1 1 boolean and an unset variable cause warnings`() throws {
        var warnings: [ComposeWarning] = []
        let root = try node("services:\n  a: {tty: 'on', image: $NONE}\n")
        _ = try Interpolation.apply(to: root, warnings: &warnings) { _ in nil }
        #expect(warnings.count == 2)
        #expect(warnings.last?.message.contains("NONE") == true)
    }

    private func interpolate(_ text: String, _ values: [String: String]) throws -> YAMLNode {
        var warnings: [ComposeWarning] = []
        return try Interpolation.apply(to: try node(text), warnings: &warnings) { values[$0] }
    }
}
