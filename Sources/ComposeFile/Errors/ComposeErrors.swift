public import YAML

/// All errors found by one pass over the Compose files.
public struct ComposeErrors: Error, Sendable, Equatable {
    /// The errors, in the order of the files; at least one.
    public var errors: [ComposeError]

    /// Creates a collection of errors.
    public init(_ errors: [ComposeError]) {
        self.errors = errors
    }

    /// Creates a single error.
    public init(_ problem: ComposeError.Problem, at location: SourceLocation) {
        errors = [ComposeError(problem, at: location)]
    }
}

extension ComposeErrors: CustomStringConvertible {
    public var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}
