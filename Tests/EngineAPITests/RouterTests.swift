import Testing

@testable import EngineAPI

struct RouterTests {
    private func match(_ method: String, _ path: String) throws -> Router.Match {
        try Router().match(try RequestHead(parsing: "\(method) \(path) HTTP/1.1".utf8))
    }

    @Test func `names of images may contain slashes`() throws {
        let match = try match("GET", "/v1.44/images/host:5000/a/b%3Alatest/json")
        #expect(match.parameters == ["name": "host:5000/a/b:latest"])
        #expect(match.version == APIVersion(minor: 44))
    }

    @Test func `a path without a version means the newest`() throws {
        #expect(try match("GET", "/info").version == .newest)
    }

    @Test(arguments: [
        ("/v1.99/info", "client version 1.99 is too new. Maximum supported API version is 1.51"),
        (
            "/v1.5/info",
            "client version 1.5 is too old. Minimum supported API version is 1.24, "
                + "please upgrade your client to a newer version"
        ),
    ])
    func `other versions are refused as by dockerd`(path: String, message: String) {
        #expect(throws: EngineError(400, message)) { try match("GET", path) }
    }

    @Test func `an unknown path is not found`() {
        #expect(throws: EngineError(404, "page not found")) { try match("GET", "/nothing") }
    }

    @Test func `every operation of the API has an answer`() {
        // Source: moby, api/swagger.yaml 1.51: 107 operations; besides, BuildKit's two and the three
        // of checkpoints.
        #expect(Route.all.count == 107 + 2 + 3)
        #expect(Set(Route.all.map { "\($0.method) \($0.pattern)" }).count == Route.all.count)
    }

    @Test func `waiting is no change`() {
        let changes = Route.all.filter { $0.isChange }.map(\.method)
        #expect(!changes.contains("GET"))
        #expect(
            Route.all.contains { $0.method == "POST" && !$0.isChange && $0.pattern.last == "wait" }
        )
    }
}

struct FiltersTests {
    private func filters(_ text: String) throws -> Filters {
        try Filters(Query(parsing: "filters=\(text)"), known: ["label", "label!", "status"])
    }

    @Test(arguments: [#"{"label":["a=b"]}"#, #"{"label":{"a=b":true}}"#])
    func `both forms of filters are read`(text: String) throws {
        #expect(try filters(text)["label"] == ["a=b"])
    }

    @Test func `an unknown filter is refused`() {
        #expect(throws: EngineError(400, "invalid filter 'x'")) { try filters(#"{"x":["y"]}"#) }
    }

    @Test func `labels match by name or by value`() throws {
        let wanted = try filters(#"{"label":["a","b=2"],"label!":["c"]}"#)
        #expect(wanted.matches(labels: ["a": "1", "b": "2"]))
        #expect(!wanted.matches(labels: ["a": "1", "b": "3"]))
        #expect(!wanted.matches(labels: ["a": "1", "b": "2", "c": ""]))
    }
}

struct QueryTests {
    @Test(arguments: ["1", "t", "true", "True", "yes", "on"])
    func `Go's and Python's words for true are accepted`(word: String) {
        #expect(Query(parsing: "a=\(word)").flag("a"))
    }

    @Test(arguments: ["", "0", "false", "False", "no", "none"])
    func `other words mean false`(word: String) {
        #expect(!Query(parsing: "a=\(word)").flag("a"))
    }

    @Test func `values are decoded`() {
        #expect(Query(parsing: "a=b%20c+d&a=e").all("a") == ["b c d", "e"])
    }
}
