public import YAML

/// A warning about a Compose file.
public struct ComposeWarning: Sendable, Equatable {
    /// The text of the warning.
    public var message: String
    /// The location, if known.
    public var location: SourceLocation?

    /// Creates a warning.
    public init(_ message: String, at location: SourceLocation? = nil) {
        self.message = message
        self.location = location
    }
}
