import SystemPackage

/// The constants shared by a supervisor and the process that starts it.
enum SupervisorProgram {
    /// The hidden command: `swiftcompose supervise PROJECT DATA RUN`.
    static let command = "supervise"
    static func arguments(project: String, paths: DataPaths) -> [String] {
        [command, project, paths.data.string, paths.run.string]
    }

    /// Written to the pipe of the starting process once the supervisor listens.
    static let readyMessage = "ready"
}
