/// Expands `$x`, `${x:-word}`, quotes and escapes in the arguments of an instruction.
///
/// Source: the Dockerfile reference, "Environment replacement"; BuildKit's shell lexer.
public struct Expansion {
    private let escape: Unicode.Scalar
    private let variables: (String) -> String?
    private let position: SourcePosition

    /// `variables` returns the value of a variable, nil if it is unset; `position` is for errors.
    public init(
        escape: Unicode.Scalar = "\\",
        at position: SourcePosition,
        variables: @escaping (String) -> String?
    ) {
        self.escape = escape
        self.position = position
        self.variables = variables
    }

    /// Expands the text to one word without quotes.
    public func word(_ text: String) throws(DockerfileError) -> String {
        try scan(text, keepsQuotes: false).text.string
    }

    /// Expands the text to words, split at white space outside quotes, also in values.
    public func words(_ text: String) throws(DockerfileError) -> [String] {
        try scan(text, keepsQuotes: false).words
    }

    /// Expands only variables, as in a heredoc.
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
        let result = try scanner.scan(to: nil, keepsEscapes: false, depth: 0)
        // Values come from build arguments and images too.
        guard keepsQuotes || !result.text.contains("\0") else {
            throw DockerfileError(.nullCharacter("the value of '\(text)'"), at: position)
        }
        return result
    }
}
