/// What decides which project is loaded, and how far.
public struct LoadOptions: Sendable {
    /// `-f`: the files; empty for those that are found.
    public var files: [String] = []
    /// `--project-directory`.
    public var projectDirectory: String?
    /// `-p`.
    public var projectName: String?
    /// `--env-file`; empty for those of the variables, or `.env`.
    public var envFiles: [String] = []
    /// `--profile`; empty for those of the variables.
    public var profiles: [String] = []
    /// The variables of the process.
    public var environment: [String: String] = [:]
    /// Whether variables are put in.
    public var interpolates = true
    /// Whether paths become absolute.
    public var resolvesPaths = true
    /// Whether defaults and names are filled in.
    public var normalizes = true
    /// Whether references and the like are checked.
    public var checksConsistency = true
    /// Whether the env files of services are read.
    public var readsEnvFiles = true

    public init() {}
}
