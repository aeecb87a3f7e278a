public import YAML

/// Something in a Compose file that is no fault, but worth saying.
public struct ComposeWarning: Sendable, Equatable {
    /// What is to be said.
    public var message: String
    /// Where it was written, where that is known.
    public var location: SourceLocation?

    /// A warning.
    public init(_ message: String, at location: SourceLocation? = nil) {
        self.message = message
        self.location = location
    }
}
