/// Expands `$x`, `${x:-word}`, quotes and escapes in an instruction's words.
///
/// Source: the Dockerfile reference, "Environment replacement"; BuildKit's shell lexer.
public struct Expansion {
    /// Deeper nesting of `${…}` is refused.
    private static let deepest = 64

    private let escape: Unicode.Scalar
    private let variables: (String) -> String?
    private let position: SourcePosition

    /// `variables` gives a variable's value, nil when it is unset; `position` is for errors.
    public init(
        escape: Unicode.Scalar = "\\",
        at position: SourcePosition,
        variables: @escaping (String) -> String?
    ) {
        self.escape = escape
        self.position = position
        self.variables = variables
    }

    /// The text as one word, its quotes gone.
    public func word(_ text: String) throws(DockerfileError) -> String {
        try scan(text, keepsQuotes: false).text.string
    }

    /// The text cut at blanks outside quotes; a variable's value is cut too.
    public func words(_ text: String) throws(DockerfileError) -> [String] {
        try scan(text, keepsQuotes: false).words
    }

    /// Only variables are expanded: the text of a heredoc.
    public func text(_ text: String) throws(DockerfileError) -> String {
        try scan(text, keepsQuotes: true).text.string
    }

    private func scan(
        _ text: String,
        keepsQuotes: Bool
    ) throws(DockerfileError) -> ExpansionScanner.Result {
        var scanner = ExpansionScanner(
            text: text,
            escape: escape,
            keepsQuotes: keepsQuotes,
            variables: variables,
            position: position
        )
        return try scanner.scan(to: nil, keepsEscapes: false, depth: 0)
    }
}
