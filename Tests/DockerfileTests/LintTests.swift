import Testing

@testable import Dockerfile

struct LintTests {
    @Test(arguments: [
        ("FROM a as b", LintFinding.Rule.fromAsCasing), ("FROM a AS B", .stageNameCasing),
        ("FROM a\nCMD x", .jsonArgsRecommended), ("FROM a\nENV a b", .legacyKeyValueFormat),
        ("FROM a\nMAINTAINER x", .maintainerDeprecated),
        ("FROM a\nrun x", .consistentInstructionCasing),
        ("FROM a AS b\nFROM a AS b", .duplicateStageName),
        ("FROM a AS scratch", .reservedStageName),
        ("FROM a\nRUN x \\\n\ny", .noEmptyContinuation),
        ("FROM a\nCMD [\"x\"]\nCMD [\"y\"]", .multipleInstructionsDisallowed),
    ])
    func `each violation is found`(text: String, rule: LintFinding.Rule) throws {
        #expect(try parsed(text).findings.map(\.rule) == [rule])
    }

    @Test func `a finding is an error if requested, unless its rule is skipped`() throws {
        let error = #expect(throws: DockerfileError.self) {
            try parsed("# check=error=true\nFROM a as b")
        }
        #expect(error?.description.contains("FromAsCasing") == true, "\(error as Any)")
        let skipping = "# check=skip=FromAsCasing;error=true\nFROM a as b"
        #expect(try parsed(skipping).findings.isEmpty)
    }
}
