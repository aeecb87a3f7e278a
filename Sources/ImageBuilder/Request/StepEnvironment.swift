public import SystemPackage

/// The program and directories of the host that RUN steps need.
public struct StepEnvironment: Sendable {
    /// The program whose hidden command `runtime run BUNDLE` runs a container.
    public var executable: FilePath
    /// The environment variables of that program, as `NAME=value`.
    public var variables: [String]
    /// A directory in memory for secrets; nil keeps them with the step's other files.
    public var secretsDirectory: FilePath?
    /// The directory of network definitions, among them the network of steps.
    public var networks: FilePath

    public init(
        executable: FilePath,
        networks: FilePath,
        variables: [String] = [],
        secretsDirectory: FilePath? = nil
    ) {
        self.executable = executable
        self.networks = networks
        self.variables = variables
        self.secretsDirectory = secretsDirectory
    }
}
