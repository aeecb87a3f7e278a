import Testing

@testable import ComposeFile

struct AttributeChangeTests {
    @Test(
        arguments: [
            (#"{"a":1,"b":"x"}"#, #"{"a":1,"b":"x"}"#, []),
            (
                #"{"environment":{"MODE":"a"}}"#, #"{"environment":{"MODE":"b"}}"#,
                [#"environment.MODE: "a" → "b""#]
            ),
            (#"{"a":null}"#, #"{"a":"x"}"#, [#"a: added "x""#]),
            (#"{"a":{"b":[1,2]}}"#, #"{"a":{}}"#, ["a.b: removed [1,2]"]),
            (
                #"{"ports":[{"target":80}]}"#, #"{"ports":[{"target":81}]}"#,
                ["ports[0].target: 80 → 81"]
            ),
            (#"{"command":["a"]}"#, #"{"command":["a","b"]}"#, [#"command: ["a"] → ["a","b"]"#]),
            (
                #"{"environment":{"DB_PASSWORD":"a"}}"#, #"{"environment":{"DB_PASSWORD":"b"}}"#,
                ["environment.DB_PASSWORD changed"]
            ),
        ] as [(String, String, [String])]
    )
    func `changed values are named with their paths`(
        old: String,
        new: String,
        expected: [String]
    ) throws {
        let (old, new) = (
            try #require(Value(parsingJSON: old)), try #require(Value(parsingJSON: new))
        )
        #expect(old.changes(to: new).map(\.description) == expected)
    }
}
