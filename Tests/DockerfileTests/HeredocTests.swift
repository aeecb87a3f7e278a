import Testing

@testable import Dockerfile

struct HeredocTests {
    @Test func `a heredoc contains the lines up to its name`() throws {
        let instruction = try heredocs("RUN <<EOF cat\none\n\n# two\nEOF\nRUN y")
        #expect(instruction.map(\.content) == ["one\n\n# two\n"])
        #expect(instruction[0].expands)
    }

    @Test func `a dash removes tabs and quotes disable expansion`() throws {
        let files = try heredocs("COPY <<-\"A\" <<'B' /x/\n\t\t$a\n\tA\n\tb\nB")
        #expect(files.map(\.name) == ["A", "B"])
        #expect(files.map(\.content) == ["$a\n", "\tb\n"])
        #expect(files.allSatisfy { !$0.expands })
    }

    @Test(arguments: ["RUN echo $((1<<3))", "RUN echo \"a << b\"", "ENV A=<<X", "RUN cat <<<word"])
    func `other uses of << start no heredoc`(line: String) throws {
        #expect(try heredocs(line).isEmpty)
    }

    @Test func `a heredoc may have a descriptor number`() throws {
        #expect(try heredocs("RUN cat 3<<E\nx\nE").map(\.content) == ["x\n"])
    }

    @Test func `a trigger keeps its heredoc`() throws {
        let content = try content("FROM a\nONBUILD COPY <<E /b\nx\nE")
        #expect(content == .onbuild("COPY <<E /b\nx\nE"))
        let position = SourcePosition(file: "Dockerfile", line: 1)
        let trigger = try Instruction(trigger: "COPY <<E /b\nx\nE", at: position)
        let transfer: Transfer? = if case .copy(let value) = trigger.content { value } else { nil }
        #expect(transfer?.files.map(\.content) == ["x\n"])
    }

    private func heredocs(_ line: String) throws -> [Heredoc] {
        try parsed("FROM a\n" + line).stages[0].instructions[0].heredocs
    }
}
