import Testing

@testable import Dockerfile

struct StatementReaderTests {
    @Test func `statements are separated, with the lines they span`() throws {
        let statements = try statements("# comment\n\nFROM a\n  RUN one \\\n  two\n\nCMD x\n")
        #expect(statements.map(\.keyword.string) == ["FROM", "RUN", "CMD"])
        #expect(statements.map(\.position.line) == [3, 4, 7])
        #expect(statements.map(\.position.column) == [1, 3, 1])
        #expect(statements.map(\.lastLine) == [3, 5, 7])
        #expect(statements[1].arguments.string == "one   two")
    }

    @Test(arguments: [
        ("RUN a \\\nb", "a b"), ("RUN a \\  \nb", "a b"), ("RUN a \\\\\nb", "a \\\\"),
        ("RUN a \\\n# comment\nb", "a b"), ("RUN a \\\n\nb", "a b"), ("RUN a \\", "a"),
    ])
    func `a line ends with its continuation character`(text: String, arguments: String) throws {
        #expect(try statements(text).first?.arguments.string == arguments)
    }

    @Test(arguments: [
        ("RUN a \\\n\nb", true), ("RUN a \\\n# comment\nb", false), ("RUN a \\\nb", false),
    ])
    func `an empty continuation line is noted`(text: String, isEmpty: Bool) throws {
        #expect(try statements(text).first?.hasEmptyContinuation == isEmpty)
    }

    @Test func `a position in a joined statement is that of its own line`() throws {
        let statement = try #require(try statements("COPY a \\\n  b c").first)
        let start = try #require(statement.arguments.lastIndex(of: "c"))
        #expect(
            statement.text.position(at: start) == SourcePosition(file: "f", line: 2, column: 5)
        )
    }

    @Test func `a heredoc belongs to its statement only where heredocs are allowed`() throws {
        let copied = try statements("COPY <<A <<B /x/\n1\nA\n2\nB\nRUN y")
        #expect(copied.map(\.heredocs.count) == [2, 0])
        #expect(copied[0].lastLine == 5)
        let environment = try statements("ENV A=<<X\nRUN y")
        #expect(environment.map(\.heredocs.count) == [0, 0])
    }

    private func statements(_ text: String) throws -> [Statement] {
        var reader = try StatementReader(text, file: "f")
        var statements: [Statement] = []
        while let statement = try reader.statement() { statements.append(statement) }
        return statements
    }
}
