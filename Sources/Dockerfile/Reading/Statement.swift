/// An instruction whose arguments are not parsed yet: keyword, arguments and heredocs.
struct Statement: Sendable {
    var text: JoinedText
    var keyword: ArraySlice<Unicode.Scalar>
    var arguments: ArraySlice<Unicode.Scalar>
    var heredocs: [Heredoc] = []
    var lastLine: Int
    var hasEmptyContinuation: Bool

    var position: SourcePosition { text.position(at: keyword.startIndex) }

    /// The whole statement joined into one line.
    var original: ArraySlice<Unicode.Scalar> { text.scalars[...].trimmed }

    init(text: JoinedText, lastLine: Int, hasEmptyContinuation: Bool) {
        self.text = text
        self.lastLine = lastLine
        self.hasEmptyContinuation = hasEmptyContinuation
        let line = text.scalars[...].trimmed
        keyword = line.prefix { !$0.isBlank }
        arguments = line[keyword.endIndex...].trimmed
    }

    /// Whether `<<NAME` starts a heredoc: in RUN, COPY, ADD and triggers with them.
    var mayHaveHeredocs: Bool {
        var word = keyword.string.uppercased()
        if word == "ONBUILD" {
            word = arguments.prefix { !$0.isBlank }.string.uppercased()
        }
        return ["RUN", "COPY", "ADD"].contains(word)
    }
}
