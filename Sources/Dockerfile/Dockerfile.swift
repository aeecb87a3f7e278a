/// A parsed Dockerfile: directives, global arguments and stages.
///
/// Source: the Dockerfile reference; where that is silent, BuildKit's behaviour.
public struct Dockerfile: Sendable, Equatable {
    /// The parser directives at the top of the file.
    public var directives: Directives
    /// The ARGs before the first FROM.
    public var globalArguments: [Instruction]
    /// The stages in the order of the file.
    public var stages: [Stage]
    /// The lines of the file, for excerpts in messages.
    public var lines: [String]
    /// The findings of the build checks.
    public var findings: [LintFinding]
}

extension Dockerfile {
    /// Parses a Dockerfile; `file` is its name in messages.
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
