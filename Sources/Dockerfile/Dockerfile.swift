import Notation

/// A Dockerfile as values: directives, what stands before the first FROM, and the stages.
///
/// Source: the Dockerfile reference; where that is silent, BuildKit's behaviour.
public struct Dockerfile: Sendable, Equatable {
    /// The lines at the very top.
    public var directives: Directives
    /// The ARGs before the first FROM.
    public var globalArguments: [Instruction]
    /// In the file's order.
    public var stages: [Stage]
    /// The file's lines, for excerpts in messages.
    public var lines: [String]
    /// What a careful reader would mend.
    public var findings: [LintFinding]
}

/// One FROM and all that follows up to the next.
public struct Stage: Sendable, Equatable {
    /// The FROM itself.
    public var from: Instruction
    /// What FROM says.
    public var base: StageBase
    /// What follows it.
    public var instructions: [Instruction]
    /// Its place among the stages, from 0.
    public var index: Int

    /// The alias, or else the number as text.
    public var name: String { base.alias ?? String(index) }
}

extension Dockerfile {
    /// Reads a Dockerfile; `file` is its name in messages.
    public init(parsing source: String, file: String) throws(DockerfileError) {
        var reader = try StatementReader(source, file: file)
        directives = reader.directives
        globalArguments = []
        stages = []
        findings = []
        lines = source.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.unicodeScalars.last == "\r" ? String(line.dropLast()) : String(line)
        }
        var lint = Lint(directives: directives)
        var isEmpty = true
        while let statement = try reader.statement() {
            isEmpty = false
            let instruction = try Instruction(statement, escape: directives.escape)
            lint.read(statement, instruction)
            try add(instruction)
        }
        let top = SourcePosition(file: file, line: 1)
        guard !isEmpty else { throw DockerfileError(.emptyFile, at: top) }
        guard !stages.isEmpty else { throw DockerfileError(.noStage, at: top) }
        lint.read(stages)
        findings = lint.findings
        if directives.checksAreErrors, let first = findings.first {
            throw DockerfileError(.lint(findings), at: first.position)
        }
    }

    private mutating func add(_ instruction: Instruction) throws(DockerfileError) {
        if case .from(let base) = instruction.content {
            stages.append(
                Stage(from: instruction, base: base, instructions: [], index: stages.count)
            )
        } else if !stages.isEmpty {
            stages[stages.count - 1].instructions.append(instruction)
        } else if instruction.keyword == .arg {
            globalArguments.append(instruction)
        } else {
            throw DockerfileError(
                .instructionBeforeStage(instruction.keyword.rawValue),
                at: instruction.position
            )
        }
    }
}

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

    /// Reads what an image or stage holds as an ONBUILD trigger.
    public init(
        trigger: String,
        escape: Unicode.Scalar = "\\",
        at position: SourcePosition
    ) throws(DockerfileError) {
        var reader = try StatementReader("\n" + trigger + "\n", file: position.file)
        reader.continueLines(with: escape)
        guard let statement = try reader.statement() else {
            throw DockerfileError(
                .missingArguments(instruction: "ONBUILD", needed: "an instruction behind it"),
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
