import Dockerfile
import ImageBuilder
import Testing

@testable import EngineAPI

struct ClassicBuildLinesTests {
    private func lines(_ text: String, target: String? = nil) throws -> ClassicBuildLines {
        try ClassicBuildLines(try Dockerfile(parsing: text, file: "Dockerfile"), target: target)
    }

    @Test func `instructions without a step are reported before the next one`() throws {
        var lines = try lines("FROM a\nENV A=b\nRUN make\nCMD c")
        #expect(lines.opening() == ["Step 1/4 : FROM a"])
        #expect(lines.lines(for: .started(.step(1), name: "[2/2] RUN make")).isEmpty)
        #expect(
            lines.lines(for: .output(.step(1), line: "made", after: .zero))
                == ["Step 2/4 : ENV A=b", "Step 3/4 : RUN make", "made"]
        )
        #expect(lines.lines(for: .done(.step(1), after: .zero)).isEmpty)
        #expect(lines.rest() == ["Step 4/4 : CMD c"])
        #expect(lines.rest().isEmpty)
    }

    @Test func `a step of the cache is marked, like the instructions before it`() throws {
        var lines = try lines("FROM a\nENV A=b\nRUN make")
        _ = lines.opening()
        _ = lines.lines(for: .started(.step(1), name: "[2/2] RUN make"))
        #expect(
            lines.lines(for: .cached(.step(1))) == [
                "Step 2/3 : ENV A=b", " ---> Using cache", "Step 3/3 : RUN make",
                " ---> Using cache",
            ]
        )
    }

    @Test func `only the stages that the target needs are counted`() throws {
        let text = "ARG V=1\nFROM a AS one\nRUN x\nFROM b AS two\nRUN y\nFROM one\nRUN z"
        var lines = try lines(text)
        #expect(lines.opening() == ["Step 1/5 : ARG V=1", "Step 2/5 : FROM a AS one"])
        var other = try self.lines(text, target: "two")
        #expect(other.opening() == ["Step 1/3 : ARG V=1", "Step 2/3 : FROM b AS two"])
    }

    @Test func `the base image of a later stage is not reported early`() throws {
        var lines = try lines("FROM a\nRUN x\nFROM a\nRUN y")
        _ = lines.opening()
        _ = lines.lines(for: .started(.step(1), name: "[internal] FROM a"))
        #expect(lines.lines(for: .cached(.step(1))).isEmpty)
    }

    @Test func `stages that run in parallel are reported once`() throws {
        var lines = try lines("FROM a AS one\nRUN x\nFROM b\nCOPY --from=one / /")
        _ = lines.opening()
        _ = lines.lines(for: .started(.step(2), name: "[stage-1 2/2] COPY --from=one / /"))
        _ = lines.lines(for: .started(.step(1), name: "[one 2/2] RUN x"))
        #expect(lines.lines(for: .done(.step(2), after: .zero)).count == 3)
        #expect(lines.lines(for: .output(.step(1), line: "late", after: .zero)) == ["late"])
    }
}
