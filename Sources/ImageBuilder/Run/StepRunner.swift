public import SystemPackage

/// What running a step takes from outside: our own program, and the network of steps.
public struct StepRunner: Sendable {
    /// The program whose hidden command `runtime run BUNDLE` runs a container.
    public var executable: FilePath
    /// Environment variables of that program.
    public var environment: [String]
    /// A directory in memory for secrets; nil puts them beside the step's other files.
    public var secretsDirectory: FilePath?

    public init(
        executable: FilePath,
        environment: [String] = [],
        secretsDirectory: FilePath? = nil
    ) {
        self.executable = executable
        self.environment = environment
        self.secretsDirectory = secretsDirectory
    }
}
