import Testing

@testable import Dockerfile

struct HostileInputTests {
    @Test(arguments: [
        ("FROM", "1:1"), ("FROM \\", "1:1"), ("FROM a\nRUN <<", nil), ("FROM a\nRUN <<-", nil),
        ("FROM a\nCMD [", nil), ("FROM a\nCMD [\"\\u12\"]", nil),
        ("FROM a\nCOPY -- a b", nil), ("FROM a\nCOPY --", "2:1"),
        ("FROM a\nCOPY ---=x a b", "2:6"), ("FROM a\nENV \"=", nil), ("FROM a\nARG \\", "2:1"),
        ("# escape=", "1:1"), ("\\", "1:1"), ("\\\n", "1:1"), ("\\\n\\\n", "1:1"),
        ("\u{0}", "1:1"), ("FROM a\nRUN x\u{0}y", "1:1"),
        ("FROM a\nCOPY [\"a\\u0000\", \"/\"]", "2:1"), ("FROM a\nCOPY <<../x /\nx\n../x", "2:1"),
        ("FROM a\nCOPY <<\"..\" /\nx\n..", "2:1"),
        ("FROM a\nRUN --mount= x", "2:5"), ("FROM a\nRUN --mount=,,, x", "2:5"),
        ("FROM a\nHEALTHCHECK --interval= CMD x", "2:13"),
        ("FROM a\nHEALTHCHECK --interval=99999999999h CMD x", "2:13"),
        ("FROM a\nHEALTHCHECK --retries=99999999999 CMD x", "2:13"),
        ("FROM a\nONBUILD \\", "2:1"), ("FROM a\nEXPOSE \u{202E}", nil),
        ("FROM a\nRUN <<A <<B\nA", "2:1"), ("FROM a\nLABEL ' a=b", nil),
        ("FROM a\nRUN --mount=type=tmpfs,target=/x,size=99999999999999999999 x", "2:5"),
        ("FROM a\nRUN --mount=type=tmpfs,target=/x,size=16777216t x", "2:5"),
    ])
    func `malformed text is an instruction or an error with its position`(
        text: String,
        position: String?
    ) {
        do throws(DockerfileError) {
            let file = try Dockerfile(parsing: text, file: "f")
            #expect(position == nil, "expected an error")
            #expect(file.stages.count == 1)
        } catch {
            #expect(error.description.hasPrefix("f:\(position ?? "no error expected"): "))
        }
    }

    @Test(arguments: [100, 100_000])
    func `nested arrays are the shell form, not a crash`(depth: Int) throws {
        let text = String(repeating: "[", count: depth)
        #expect(try content("FROM a\nCMD " + text) == .cmd(.shell(text)))
    }

    @Test(
        arguments: [
            ("[\"a\", 1]", nil), ("[[\"a\"]]", nil), ("[{\"a\": \"b\"}, null]", nil),
            ("[\"a\",]", .shell("[\"a\",]")), ("[\"a\" \"b\"]", .shell("[\"a\" \"b\"]")),
            ("[\"a\tb\"]", .shell("[\"a\tb\"]")), ("[\"\\ud83d\\ude00\"]", .exec(["\u{1F600}"])),
            ("[\"\\ud83d\"]", .exec(["\u{FFFD}"])),
            ("[ \"a\" , \"\\\"\\/\\\\\" ] ", .exec(["a", "\"/\\"])),
        ] as [(String, CommandForm?)]
    )
    func `an array of strings is the exec form, any other array an error`(
        text: String,
        form: CommandForm?
    ) throws {
        guard let form else {
            let error = #expect(throws: DockerfileError.self) { try content("FROM a\nCMD " + text) }
            #expect(error?.problem == .notStrings(instruction: "CMD"))
            return
        }
        #expect(try content("FROM a\nCMD " + text) == .cmd(form))
    }

    @Test(.timeLimit(.minutes(1))) func `a very long line is parsed in linear time`() throws {
        let text = "FROM a\nENV " + String(repeating: "a=b ", count: 50_000)
        let pairs = Array(repeating: pair("a", "b"), count: 50_000)
        #expect(try content(text) == .env(pairs))
    }

    @Test func `a NUL character does not reach a path or variable`() {
        let expansion = Expansion(at: SourcePosition(file: "f", line: 1)) { _ in "a\0b" }
        let word = #expect(throws: DockerfileError.self) { try expansion.word("$V") }
        let words = #expect(throws: DockerfileError.self) { try expansion.words("x $V") }
        #expect(word?.description.contains("NUL") == true, "\(word as Any)")
        #expect(words?.description.contains("NUL") == true, "\(words as Any)")
    }

    @Test func `values that double with each line are refused`() throws {
        var variables = ["V": "12345678"]
        let error = #expect(throws: DockerfileError.self) {
            for _ in 0..<40 {
                let known = variables
                let place = SourcePosition(file: "f", line: 1)
                variables["V"] = try Expansion(at: place) { known[$0] }.word("$V$V")
            }
        }
        #expect(error?.description.contains("too long") == true)
    }

    @Test func `a file beyond the size limit is refused`() {
        let text = String(repeating: "#\n", count: 9 << 20)
        let error = #expect(throws: DockerfileError.self) { try parsed(text) }
        #expect(error?.description.contains("16 MiB") == true)
    }
}
