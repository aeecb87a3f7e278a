import Testing

@testable import ComposeFile

struct TemplateTests {
    private let values = ["SET": "value", "EMPTY": "", "N": "5", "_u": "under"]

    @Test(arguments: [
        ("$SET", "value"), ("${SET}", "value"), ("a${SET}b$N", "avalueb5"), ("$$SET", "$SET"),
        ("$$$SET", "$value"), ("${NONE}", ""), ("$", "$"), ("$ {x}", "$ {x}"), ("$1", "$1"),
        ("cost: 5$", "cost: 5$"), ("$_u", "under"), ("$SET-x", "value-x"),
        ("${NONE:-d}", "d"), ("${EMPTY:-d}", "d"), ("${SET:-d}", "value"), ("${NONE-d}", "d"),
        ("${EMPTY-d}", ""), ("${NONE:+a}", ""), ("${EMPTY:+a}", ""), ("${SET:+a}", "a"),
        ("${NONE+a}", ""), ("${EMPTY+a}", "a"), ("${SET?}", "value"), ("${EMPTY?no}", ""),
        ("${NONE:-${SET}}", "value"), ("${NONE:-a ${EMPTY:-$N} b}", "a 5 b"),
        ("${NONE:-a}${NONE:-b}c", "abc"), ("${NONE:-{\"a\": 1}}", "{\"a\": 1}"),
        ("${NONE:-a:-b}", "a:-b"), ("${NONE:-$$SET}", "$SET"), ("${NONE-a}\n${SET}}", "a\nvalue}"),
        ("${NONE:-{}", "{"),
    ])
    func `variables are interpolated`(text: String, expected: String) throws {
        var template = Template { [values] in values[$0] }
        #expect(try template.substitute(text) == expected)
    }

    @Test(arguments: [
        ("${", "${"), ("${}", "${}"), ("${SET", "${SET"), ("a ${-x}", "a ${-x}"),
        ("${SET:x}", "${SET:x}"), ("${1}", "${1}"), ("${NONE:-${SET}", "${SET"),
    ])
    func `a malformed variable is rejected`(text: String, part: String) {
        var template = Template { [values] in values[$0] }
        #expect(throws: TemplateError.malformed(part)) { try template.substitute(text) }
    }

    @Test(arguments: [
        ("${NONE?}", "NONE", ""), ("${EMPTY:?say $SET}", "EMPTY", "say value"),
        ("${SET:-${NONE:?inner}}", "NONE", "inner"),
    ])
    func `a missing required variable is reported with its message`(
        text: String,
        name: String,
        reason: String
    ) {
        var template = Template { [values] in values[$0] }
        let expected = TemplateError.required(name: name, reason: reason)
        #expect(throws: expected) { try template.substitute(text) }
    }

    @Test func `unset variables without operator are reported`() throws {
        var template = Template { [values] in values[$0] }
        _ = try template.substitute("$A ${B} ${C:-$D} ${SET}")
        #expect(template.unset == ["A", "B", "D"])
    }

    @Test func `deep nesting is rejected quickly`() {
        let text = String(repeating: "${A:-", count: 20_000) + String(repeating: "}", count: 20_000)
        var template = Template { _ in nil }
        #expect(throws: TemplateError.tooDeep(limit: Template.depthLimit)) {
            try template.substitute(text)
        }
    }

    @Test func `many variables on one line take linear time`() throws {
        let text = String(repeating: "${A:-x}", count: 50_000)
        var template = Template { _ in nil }
        #expect(try template.substitute(text).count == 50_000)
    }

    @Test func `the variables of a string are listed`() {
        let found = TemplateVariable.all(in: "$A ${B:-d$C} ${D:+e} ${F:?g} $$H")
        #expect(found.map(\.name) == ["A", "B", "C", "D", "F"])
        #expect(found.map(\.defaultValue) == ["", "d$C", "", "", ""])
        #expect(found[3].alternateValue == "e")
        #expect(found[4].isRequired)
    }
}
