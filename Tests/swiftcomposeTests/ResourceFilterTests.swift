import ArgumentParser
import OCI
import Testing

@testable import swiftcompose

struct ResourceFilterTests {
    @Test func `one of several values of a key must hold`() throws {
        let filter = try ResourceFilter(["name=a", "name=b"], accepting: [.name])
        #expect(filter.accepts(.name) { $0 == "b" })
        #expect(!filter.accepts(.name) { $0 == "c" })
        #expect(filter.accepts(.driver) { _ in false })
    }

    @Test func `all labels must hold`() throws {
        let filter = try ResourceFilter(
            ["label=a", "label=b=1", "label!=c"],
            accepting: [.label, .withoutLabel]
        )
        #expect(filter.accepts(labels: ["a": "", "b": "1"]))
        #expect(!filter.accepts(labels: ["a": "", "b": "2"]))
        #expect(!filter.accepts(labels: ["b": "1"]))
        #expect(!filter.accepts(labels: ["a": "", "b": "1", "c": "x"]))
    }

    @Test func `until selects what is older`() throws {
        let now = Timestamp(seconds: 1_000_000)
        let filter = try ResourceFilter(["until=1h"], accepting: [.until], now: now)
        #expect(filter.accepts(created: Timestamp(seconds: 996_399)))
        #expect(!filter.accepts(created: Timestamp(seconds: 996_401)))
    }

    @Test(arguments: [
        ("size=1", "unknown filter 'size'"), ("name", "'name'"),
        ("until=yesterday", "'yesterday' is not a valid time"),
    ])
    func `an unknown key, a missing value and an invalid time are rejected`(
        condition: String,
        reason: String
    ) {
        let error = #expect(throws: ValidationError.self) {
            try ResourceFilter([condition], accepting: [.name, .until])
        }
        #expect(error?.message.contains(reason) == true, "\(error as Any)")
    }

    @Test func `a condition is true or false`() throws {
        #expect(
            try ResourceFilter(["dangling=1"], accepting: [.dangling]).truth(of: .dangling) == true
        )
        #expect(try ResourceFilter([], accepting: [.dangling]).truth(of: .dangling) == nil)
        #expect(throws: ValidationError.self) {
            try ResourceFilter(["dangling=x"], accepting: [.dangling]).truth(of: .dangling)
        }
    }
}
