public import YAML

/// A project's files merged to one tree, with the settings under which they were loaded.
public struct LoadedTree: Sendable {
    /// The tree: merged, interpolated, validated, in long forms, with resolved paths.
    public var root: YAMLNode
    /// The variables of the process and the env files, and `COMPOSE_PROJECT_NAME`.
    public var environment: [String: String]
    /// The absolute directory to which relative paths in the files refer.
    public var workingDirectory: String
    /// The project name.
    public var name: String
    /// The absolute paths of the files, in order; `-` means standard input.
    public var files: [String]
    /// The active profiles; `*` means all.
    public var profiles: [String]
    /// The warnings of loading.
    public var warnings: [ComposeWarning]
}
