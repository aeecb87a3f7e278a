import Testing

/// A project that tests run commands on.
protocol ComposeProject {
    /// Runs a command on the project and returns its outcome.
    func attempt(_ arguments: [String]) throws -> Outcome
}

extension ComposeProject {
    /// Runs a command, which must succeed, and returns its output.
    @discardableResult
    func compose(
        _ arguments: String...,
        location: SourceLocation = #_sourceLocation
    ) throws -> String {
        let outcome = try attempt(arguments)
        try #require(outcome.status == 0, "\(arguments): \(outcome)", sourceLocation: location)
        return outcome.output
    }
}

/// Returns a project name that no other test uses.
func uniqueProjectName() -> String {
    "test-" + String(UInt32.random(in: .min ... .max), radix: 36)
}
