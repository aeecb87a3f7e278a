public import SystemPackage

/// What running a step takes from outside: our own program, and the network of steps.
public struct StepRunner: Sendable {
    /// The program whose hidden command `runtime run BUNDLE` runs a container.
    public var executable: FilePath
    /// Environment variables of that program.
    public var environment: [String]
    /// A directory in memory for secrets; nil puts them beside the step's other files.
    public var secretsDirectory: FilePath?

    /// Where the machine's networks are described; the steps' own is among them.
    public var networks: FilePath

    public init(
        executable: FilePath,
        networks: FilePath,
        environment: [String] = [],
        secretsDirectory: FilePath? = nil
    ) {
        self.executable = executable
        self.networks = networks
        self.environment = environment
        self.secretsDirectory = secretsDirectory
    }
}
