import Testing

@testable import Dockerfile

struct HostileInputTests {
    @Test(arguments: [
        "\\", "\\\n", "\\\n\\\n", "\u{0}", "FROM", "FROM \\", "FROM a\nRUN <<", "FROM a\nRUN <<-",
        "FROM a\nCMD [", "FROM a\nCMD [\"\\u12\"]", "FROM a\nCMD [\"\\ud800\"]",
        "FROM a\nCOPY -- a b",
        "FROM a\nCOPY --", "FROM a\nCOPY ---=x a b", "FROM a\nENV \"=", "FROM a\nARG \\",
        "# escape=",
        "FROM a\nRUN --mount= x", "FROM a\nRUN --mount=,,, x",
        "FROM a\nHEALTHCHECK --interval= CMD x",
        "FROM a\nHEALTHCHECK --interval=99999999999h CMD x", "FROM a\nONBUILD \\",
        "FROM a\nEXPOSE \u{202E}", "FROM a\nRUN <<A <<B\nA", "FROM a\nLABEL ' a=b",
    ])
    func `odd text is an instruction or a fault, never a crash`(text: String) {
        do {
            _ = try parsed(text)
        } catch {
            #expect(error is DockerfileError)
        }
    }

    @Test func `lists within lists end somewhere`() throws {
        let text = String(repeating: "[", count: 100_000)
        #expect(try content("FROM a\nCMD " + text) == .cmd(.shell(text)))
    }

    @Test func `a very long line is read in passable time`() throws {
        let text = "FROM a\nENV " + String(repeating: "a=b ", count: 50_000)
        guard case .env(let pairs) = try content(text) else { return }
        #expect(pairs.count == 50_000)
    }

    @Test func `a file beyond all measure is refused`() {
        let text = String(repeating: "#\n", count: 9 << 20)
        #expect(throws: DockerfileError.self) { try parsed(text) }
    }
}
