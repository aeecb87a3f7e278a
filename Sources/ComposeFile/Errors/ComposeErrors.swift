public import YAML

/// All faults of the Compose files that one look at them has found.
public struct ComposeErrors: Error, Sendable, Equatable {
    /// The faults, in the order of the files; at least one.
    public var errors: [ComposeError]

    /// Several faults.
    public init(_ errors: [ComposeError]) {
        self.errors = errors
    }

    /// A single fault.
    public init(_ problem: ComposeError.Problem, at location: SourceLocation) {
        errors = [ComposeError(problem, at: location)]
    }
}

extension ComposeErrors: CustomStringConvertible {
    public var description: String {
        errors.map(\.description).joined(separator: "\n")
    }
}
