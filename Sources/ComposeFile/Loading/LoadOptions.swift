/// Options for finding and loading a project.
public struct LoadOptions: Sendable {
    /// The files of `-f`; empty to search for them.
    public var files: [String] = []
    /// `--project-directory`.
    public var projectDirectory: String?
    /// `-p`.
    public var projectName: String?
    /// The files of `--env-file`; empty for `COMPOSE_ENV_FILES` or `.env`.
    public var envFiles: [String] = []
    /// The values of `--profile`; empty for `COMPOSE_PROFILES`.
    public var profiles: [String] = []
    /// The environment of the process.
    public var environment: [String: String] = [:]
    /// Whether variables are interpolated.
    public var interpolates = true
    /// Whether paths are made absolute.
    public var resolvesPaths = true
    /// Whether the model is normalised.
    public var normalizes = true
    /// Whether references and contradictions are checked.
    public var checksConsistency = true
    /// Whether the env files of services are read.
    public var readsEnvFiles = true

    public init() {}
}
