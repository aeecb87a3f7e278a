/// Splits the text of a Dockerfile into directives and statements.
struct StatementReader {
    private let file: String
    private let lines: [ArraySlice<Unicode.Scalar>]
    private var next = 0
    private(set) var directives = Directives()

    init(_ source: String, file: String) throws(DockerfileError) {
        self.file = file
        guard source.utf8.count <= DockerfileError.sizeLimit else {
            throw DockerfileError(
                .tooLarge("the file exceeds the size limit of 16 MiB"),
                at: SourcePosition(file: file, line: 1)
            )
        }
        // No path, argument or variable of the kernel can contain one.
        guard !source.utf8.contains(0) else {
            throw DockerfileError(
                .nullCharacter("the file"),
                at: SourcePosition(file: file, line: 1)
            )
        }
        var scalars = Array(source.unicodeScalars)[...]
        if scalars.first == "\u{FEFF}" { scalars.removeFirst() }
        lines = scalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.last == "\r" ? line.dropLast() : line
        }
        try readDirectives()
    }

    /// The next statement; nil at the end.
    mutating func statement() throws(DockerfileError) -> Statement? {
        while next < lines.count, isSkipped(lines[next]) { next += 1 }
        guard next < lines.count else { return nil }
        var text = JoinedText(file: file)
        var continues = true
        var hasEmptyContinuation = false
        var isFirst = true
        while continues, next < lines.count {
            let line = lines[next]
            next += 1
            if !isFirst, isSkipped(line) {
                hasEmptyContinuation = hasEmptyContinuation || !isComment(line)
                continue
            }
            isFirst = false
            let (kept, isContinued) = withoutContinuation(line)
            text.append(kept, line: next, column: 1)
            continues = isContinued
        }
        guard !text.scalars[...].trimmed.isEmpty else { return try statement() }
        var statement = Statement(
            text: text,
            lastLine: next,
            hasEmptyContinuation: hasEmptyContinuation
        )
        if statement.mayHaveHeredocs { try readHeredocs(of: &statement) }
        return statement
    }

    /// Sets the escape character for a trigger, which has no directives.
    mutating func continueLines(with escape: Unicode.Scalar) { directives.escape = escape }

    private mutating func readDirectives() throws(DockerfileError) {
        var seen: Set<String> = []
        while next < lines.count {
            let position = SourcePosition(file: file, line: next + 1)
            guard try directives.read(lines[next], seen: &seen, at: position) else { return }
            next += 1
        }
    }

    private mutating func readHeredocs(of statement: inout Statement) throws(DockerfileError) {
        var heredocs = Heredoc.started(in: statement.arguments, escape: directives.escape)
        for index in heredocs.indices {
            var content = String.UnicodeScalarView()
            repeat {
                guard next < lines.count, !isLastEmptyLine else {
                    throw DockerfileError(
                        .unterminatedHeredoc(heredocs[index].name),
                        at: statement.position
                    )
                }
                let line = lines[next]
                next += 1
                if heredocs[index].isEnded(by: line) { break }
                content.append(
                    contentsOf: heredocs[index].dropsTabs ? line.drop { $0 == "\t" } : line
                )
                content.append("\n")
            } while true
            heredocs[index].content = String(content)
        }
        statement.heredocs = heredocs
        statement.lastLine = next
    }

    /// Whether the next line is the empty one after a final newline.
    private var isLastEmptyLine: Bool { next == lines.count - 1 && lines[next].isEmpty }

    private func isComment(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        line.first { !$0.isBlank } == "#"
    }

    private func isSkipped(_ line: ArraySlice<Unicode.Scalar>) -> Bool {
        guard let first = line.first(where: { !$0.isBlank }) else { return true }
        return first == "#"
    }

    /// The line without its continuation character, and whether it had one.
    ///
    /// An escaped escape character at the end does not continue the line.
    private func withoutContinuation(
        _ line: ArraySlice<Unicode.Scalar>
    ) -> (ArraySlice<Unicode.Scalar>, Bool) {
        var end = line.endIndex
        while end > line.startIndex, line[end - 1] == " " || line[end - 1] == "\t" { end -= 1 }
        guard end > line.startIndex, line[end - 1] == directives.escape else {
            return (line, false)
        }
        if end - 2 >= line.startIndex, line[end - 2] == directives.escape { return (line, false) }
        return (line[..<(end - 1)], true)
    }
}
