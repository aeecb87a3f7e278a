public import ComposeFile

/// Why a container was created; stored as `origin.json` when it is.
public struct ContainerOrigin: Codable, Sendable, Equatable {
    /// The cause in the plan, in words.
    public var cause: String
    /// The attributes that differ from those of the container that it replaces.
    public var changes: [AttributeChange]
}
