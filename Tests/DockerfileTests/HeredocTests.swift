import Testing

@testable import Dockerfile

struct HeredocTests {
    @Test func `the lines up to its name belong to a heredoc`() throws {
        let instruction = try heredocs("RUN <<EOF cat\none\n\n# two\nEOF\nRUN y")
        #expect(instruction.map(\.content) == ["one\n\n# two\n"])
        #expect(instruction[0].expands)
    }

    @Test func `a dash drops tabs and quotes stop expansion`() throws {
        let files = try heredocs("COPY <<-\"A\" <<'B' /x/\n\t\t$a\n\tA\n\tb\nB")
        #expect(files.map(\.name) == ["A", "B"])
        #expect(files.map(\.content) == ["$a\n", "\tb\n"])
        #expect(files.allSatisfy { !$0.expands })
    }

    @Test(arguments: ["RUN echo $((1<<3))", "RUN echo \"a << b\"", "ENV A=<<X", "RUN cat <<<word"])
    func `other things are text`(line: String) throws {
        #expect(try heredocs(line).isEmpty)
    }

    @Test func `a descriptor's number may stand before it`() throws {
        #expect(try heredocs("RUN cat 3<<E\nx\nE").map(\.content) == ["x\n"])
    }

    @Test func `a trigger keeps its heredoc`() throws {
        let content = try content("FROM a\nONBUILD COPY <<E /b\nx\nE")
        #expect(content == .onbuild("COPY <<E /b\nx\nE"))
        let position = SourcePosition(file: "Dockerfile", line: 1)
        let trigger = try Instruction(trigger: "COPY <<E /b\nx\nE", at: position)
        guard case .copy(let transfer) = trigger.content else { return }
        #expect(transfer.files.map(\.content) == ["x\n"])
    }

    private func heredocs(_ line: String) throws -> [Heredoc] {
        try parsed("FROM a\n" + line).stages[0].instructions[0].heredocs
    }
}
