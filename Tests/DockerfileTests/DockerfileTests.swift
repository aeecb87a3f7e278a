import Testing

@testable import Dockerfile

struct DockerfileTests {
    @Test func `stages and their instructions are parsed in order`() throws {
        let file = try parsed(
            "ARG V=1\nFROM a AS Build\nRUN x\nFROM scratch\nCOPY --from=build /x /y"
        )
        #expect(file.globalArguments.count == 1)
        #expect(file.stages.map(\.name) == ["build", "1"])
        #expect(file.stages[0].instructions.map(\.source) == ["RUN x"])
        #expect(file.stages[1].instructions[0].flag("from") == "build")
    }

    @Test func `continued lines are joined without comments and empty lines`() throws {
        let text = "FROM a\nRUN one \\\n# comment\n\n  two && th\\\nree"
        #expect(try content(text) == .run(.shell("one   two && three")))
    }

    @Test func `the escape directive changes the continuation character`() throws {
        #expect(try content("# escape=`\nFROM a\nRUN x `\ny") == .run(.shell("x y")))
        for text in ["# escape=x\nFROM a", "# escape=`\n# escape=`\nFROM a"] {
            let error = #expect(throws: DockerfileError.self) { try parsed(text) }
            #expect(error?.description.contains("escape") == true, "\(error as Any)")
        }
        #expect(try content("\n# escape=`\nFROM a\nRUN x `") == .run(.shell("x `")))
    }

    @Test func `a byte order mark and carriage returns are removed`() throws {
        #expect(try content("\u{FEFF}FROM a\r\nRUN x\\\r\ny\r\n") == .run(.shell("xy")))
    }

    @Test(arguments: [
        ("RUN [\"a\", \"b c\"]", Instruction.Content.run(.exec(["a", "b c"]))),
        ("CMD ['a']", .cmd(.shell("['a']"))),
        ("CMD [\"a\"] b", .cmd(.shell("[\"a\"] b"))),
        ("CMD []", .cmd(.exec([]))),
        ("CMD [\"\\u0041\\n\"]", .cmd(.exec(["A\n"]))),
        ("ENV a=b c=\"d e\"", .env([pair("a", "b"), pair("c", "\"d e\"")])),
        ("ENV a b c", .env([KeyValue(key: "a", value: "b c", isLegacy: true)])),
        ("LABEL x=1", .label([pair("x", "1")])),
        ("EXPOSE 80 90/udp", .expose(["80", "90/udp"])),
        ("VOLUME /a /b", .volume(["/a", "/b"])),
        ("VOLUME [\"/a b\"]", .volume(["/a b"])),
        ("WORKDIR /a b", .workdir("/a b")),
        ("SHELL [\"/bin/x\", \"-c\"]", .shell(["/bin/x", "-c"])),
        ("ONBUILD  RUN  x", .onbuild("RUN  x")),
        ("USER a:b", .user("a:b")),
        ("STOPSIGNAL 9", .stopsignal("9")),
        ("HEALTHCHECK NONE", .healthcheck(.none)),
        ("MAINTAINER a <b>", .maintainer("a <b>")),
    ])
    func `an instruction is parsed`(line: String, expected: Instruction.Content) throws {
        #expect(try content("FROM a\n" + line) == expected)
    }

    @Test func `the timing of a health check is in nanoseconds`() throws {
        let line = "HEALTHCHECK --interval=1m30s --timeout=500ms --retries=5 CMD curl x"
        let timing = HealthCheck.Timing(
            interval: 90_000_000_000,
            timeout: 500_000_000,
            retries: 5
        )
        #expect(try content("FROM a\n" + line) == .healthcheck(.command(.shell("curl x"), timing)))
    }

    @Test(arguments: [
        ("", "1:1", "empty"),
        ("# only", "1:1", "empty"),
        ("ARG A=1", "1:1", "stage"),
        ("RUN x", "1:1", "before the first FROM"),
        ("FROM a\n\n  RUM x", "3:3", "did you mean 'RUN'?"),
        ("FROM a\nCOPY --froom=x a /", "2:6", "did you mean '--from'?"),
        ("FROM a\nCOPY --chown=1 --chown=2 a /", "2:16", "duplicate"),
        ("FROM a\nRUN x \\\n&& y\nCOPY a", "4:1", "at least two arguments"),
        ("FROM a\nCOPY --chown a b", "2:6", "missing a value"),
        ("FROM a AS", "1:1", "FROM"),
        ("FROM a AS 9x", "1:1", "invalid name"),
        ("FROM a\nARG =v", "2:5", "ARG"),
        ("FROM a\nENV a=b =c", "2:9", "ENV"),
        ("FROM a\nENV a=b c", "2:9", "'c'"),
        ("FROM a\nENV a", "2:1", "value"),
        ("FROM a\nSHELL /bin/sh", "2:1", "JSON"),
        ("FROM a\nCMD [1]", "2:1", "strings"),
        ("FROM a\nONBUILD FROM b", "2:1", "FROM"),
        ("FROM a\nONBUILD", "2:1", "ONBUILD"),
        ("FROM a\nHEALTHCHECK CMD", "2:1", "command"),
        ("FROM a\nHEALTHCHECK NONE x", "2:1", "no arguments"),
        ("FROM a\nHEALTHCHECK --interval=10us CMD x", "2:13", "interval"),
        ("FROM a\nRUN --network=moon x", "2:5", "moon"),
        ("FROM a\nRUN --mount=type=bind,colour=red x", "2:5", "colour"),
        ("FROM a\nRUN <<X\nnever", "2:1", "unterminated"),
        ("FROM a\nCOPY --chmod=rwz a b", "2:6", "chmod"),
        ("FROM a\nUSER", "2:1", "USER"),
        ("FROM a\nVOLUME [\"\"]", "2:1", "VOLUME"),
    ])
    func `an error has its position and a reason`(text: String, place: String, reason: String) {
        let error = #expect(throws: DockerfileError.self) { try parsed(text) }
        #expect(error?.description.hasPrefix("Dockerfile:\(place): ") == true, "\(error as Any)")
        #expect(error?.description.contains(reason) == true, "\(error as Any)")
    }
}

func pair(_ key: String, _ value: String) -> KeyValue { KeyValue(key: key, value: value) }

func parsed(_ text: String) throws -> Dockerfile {
    try Dockerfile(parsing: text, file: "Dockerfile")
}

/// The content of the last instruction.
func content(_ text: String) throws -> Instruction.Content? {
    try parsed(text).stages.last?.instructions.last?.content
}
