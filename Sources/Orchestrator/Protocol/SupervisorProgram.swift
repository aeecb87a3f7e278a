import SystemPackage

/// The words that a supervisor's process and its starter agree on.
enum SupervisorProgram {
    /// The hidden command: `swiftcompose supervise PROJECT DATA RUN`.
    static let command = "supervise"
    static func arguments(project: String, paths: DataPaths) -> [String] {
        [command, project, paths.data.string, paths.run.string]
    }

    /// Written to the starter's pipe once the supervisor listens.
    static let readyMessage = "ready"
}
