public import YAML

/// A warning about a Compose file.
public struct ComposeWarning: Sendable, Equatable {
    /// The text of the warning.
    public var message: String
    /// The location, if known.
    public var location: SourceLocation?
    /// The variable that is not set and the keys of its attribute; nil for other warnings.
    var unset: (variable: String, path: [String])?

    /// Creates a warning.
    public init(_ message: String, at location: SourceLocation? = nil) {
        self.message = message
        self.location = location
    }

    /// Compares the texts and locations.
    public static func == (left: ComposeWarning, right: ComposeWarning) -> Bool {
        left.message == right.message && left.location == right.location
    }
}
