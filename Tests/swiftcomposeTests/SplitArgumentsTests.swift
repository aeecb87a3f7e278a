import Testing

@testable import swiftcompose

struct SplitArgumentsTests {
    @Test(
        arguments: [
            (["up", "-d"], [], ["up", "-d"]),
            (["-f", "a.yaml", "--profile=x", "ps"], ["-f", "a.yaml", "--profile=x"], ["ps"]),
            (["-p", "up", "down"], ["-p", "up"], ["down"]),
            (["up", "--dry-run"], ["--dry-run"], ["up"]),
            (["--help"], ["--help"], []), (["-p"], ["-p"], []),
        ] as [([String], [String], [String])]
    )
    func `global options end at the command's name`(
        arguments: [String],
        global: [String],
        command: [String]
    ) {
        let split = SplitArguments(arguments)
        #expect(split.global == global)
        #expect(split.command == command)
    }
}
