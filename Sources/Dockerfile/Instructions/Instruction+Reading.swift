import Notation

extension Instruction {
    init(_ statement: Statement, escape: Unicode.Scalar) throws(DockerfileError) {
        var statement = statement
        let word = statement.keyword.string
        guard let keyword = Keyword(rawValue: word.uppercased()) else {
            let near = Spelling.nearest(to: word, among: Keyword.allCases.map(\.rawValue))
            throw DockerfileError(
                .unknownInstruction(word, suggestion: near),
                at: statement.position
            )
        }
        self.keyword = keyword
        source = statement.original.string
        heredocs = statement.heredocs
        position = statement.position
        lastLine = statement.lastLine
        flags = keyword == .onbuild ? [] : try statement.takeFlags(for: keyword)
        let reader = ArgumentReader(statement: statement, flags: flags, escape: escape)
        content = try reader.content(of: keyword)
    }

    /// Parses an ONBUILD trigger of an image or stage; `position` is the place of FROM.
    public init(
        trigger: String,
        escape: Unicode.Scalar = "\\",
        at position: SourcePosition
    ) throws(DockerfileError) {
        var reader = try StatementReader("\n" + trigger + "\n", file: position.file)
        reader.continueLines(with: escape)
        guard let statement = try reader.statement() else {
            throw DockerfileError(
                .missingArguments(instruction: "ONBUILD", needed: "an instruction after it"),
                at: position
            )
        }
        try self.init(statement, escape: escape)
        guard ![.from, .onbuild, .maintainer].contains(keyword) else {
            throw DockerfileError(.triggerNotAllowed(keyword.rawValue), at: position)
        }
        self.position = position
        lastLine = position.line
        for index in flags.indices { flags[index].position = position }
    }
}
