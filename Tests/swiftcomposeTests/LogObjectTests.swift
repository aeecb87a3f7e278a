import Testing

@testable import swiftcompose

struct LogObjectTests {
    @Test func `a JSON line is shown as time, level, message and fields`() throws {
        let line = #"{"level":"warn","msg":"slow","time":"12:00","ms":7,"path":"a b"}"#
        let object = try #require(LogObject(line))
        #expect(object.text(showsColour: false) == #"12:00 WARNING slow ms=7 path="a b""#)
    }

    @Test(
        arguments: [
            #"{"msg":"\u001b]0;title\u0007"}"#, #"{"msg":"m","key":"\u001b[2J"}"#,
            #"{"msg":"m","\u001b[2J":1}"#, #"{"level":"\u001b[2J","msg":"m"}"#,
            #"{"time":"\u009b2J","msg":"m"}"#,
        ]
    )
    func `control sequences inside of JSON strings do not reach the terminal`(line: String) throws {
        let text = try #require(LogObject(line)).text(showsColour: false)
        let controls = text.unicodeScalars.filter { $0.properties.generalCategory == .control }
        #expect(controls.isEmpty)
    }
}
