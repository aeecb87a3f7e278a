import YAML

/// The reason why a string is not a valid short form.
struct ShortFormError: Error, CustomStringConvertible {
    let reason: String

    init(_ reason: String) {
        self.reason = reason
    }

    var description: String { reason }

    /// The error for a short form of `kind` given by a command-line option.
    func located(_ kind: String, found: String, _ option: String) -> ComposeErrors {
        ComposeErrors(
            .invalid(kind, found: found, reason: reason, path: option),
            at: SourceLocation(file: "command line", line: 0, column: 0)
        )
    }
}
