public import YAML

/// A project's files as one tree, and what was learnt on the way.
public struct LoadedTree: Sendable {
    /// Merged, interpolated, checked against the schema, in long forms, with paths resolved.
    public var root: YAMLNode
    /// The variables of the process, of the env files, and `COMPOSE_PROJECT_NAME`.
    public var environment: [String: String]
    /// The absolute directory that the files' relative paths start from.
    public var workingDirectory: String
    /// Names everything the project owns.
    public var name: String
    /// The files, absolute, in order; `-` is standard input.
    public var files: [String]
    /// The active profiles; `*` stands for all.
    public var profiles: [String]
    /// What is no fault, but worth saying.
    public var warnings: [ComposeWarning]
}
