import Testing

@testable import Dockerfile

struct StageReferenceTests {
    private let text = """
        FROM a AS one
        FROM a AS two
        RUN --mount=from=one,target=/x true
        FROM a AS three
        COPY --from=1 /x /y
        FROM one AS last
        """

    @Test(arguments: [
        ("last", ["one", "last"]), ("three", ["one", "two", "three"]), (nil, ["one", "last"]),
    ])
    func `only stages that the target needs are selected`(target: String?, needed: [String]) throws
    {
        let file = try parsed(text)
        let stages = try file.stages(neededFor: file.target(target)) { $0.base.name }
        #expect(stages.map(\.name) == needed)
    }

    @Test(arguments: ["nosuch", "1"])
    func `an unknown target is refused with the known names`(name: String) throws {
        let error = #expect(throws: DockerfileError.self) { try parsed(text).target(name) }
        #expect(error?.description.contains("one, two, three, last") == true)
    }

    @Test(arguments: ["three", "last", "2", "3", "7"])
    func `a stage that is not an earlier one is refused`(name: String) throws {
        let file = try parsed(text)
        let position = SourcePosition(file: "Dockerfile", line: 1)
        let error = #expect(throws: DockerfileError.self) {
            try file.source(name, inStage: 2, at: position)
        }
        #expect(error?.problem == .laterStage(name))
    }

    @Test func `a repeated stage name refers to the last earlier stage`() throws {
        let file = try parsed("FROM x AS a\nFROM x AS a\nFROM A")
        #expect(file.base("A", ofStage: 2) == .stage(1))
        #expect(file.base("a", ofStage: 0) == .external("a"))
    }
}
