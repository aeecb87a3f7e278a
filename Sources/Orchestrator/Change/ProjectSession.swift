public import SystemPackage

/// One project as a command works on it: the host, the limits, and where progress is shown.
public struct ProjectSession: Sendable {
    /// Shows progress under a title while the work runs.
    public typealias ProgressDisplay =
        @Sendable (
            _ title: String,
            _ isQuiet: Bool,
            _ work: (@escaping ProgressSink) async throws -> Void
        ) async throws -> Void

    public let project: String
    public let paths: DataPaths
    /// This program's own file, for the processes it starts.
    let executable: FilePath
    /// The maximum number of concurrent operations.
    let limit: Int
    /// The user whom new bind sources belong to; nil for this process's.
    let caller: FileOwner?
    /// Plans are printed instead of executed.
    let isDryRun: Bool
    /// Records the times of operations; nil if they are not wanted.
    public let timings: TimingRecorder?
    /// Asks the user a question; returns false if there is no terminal to ask on.
    let confirm: @Sendable (String) async throws -> Bool
    let showProgress: ProgressDisplay
    /// Prints a warning.
    let warn: @Sendable (String) -> Void
    /// Shared by all connections of the command.
    let silence = SupervisorSilence()

    public init(
        project: String,
        paths: DataPaths,
        executable: FilePath,
        limit: Int = .max,
        caller: FileOwner? = nil,
        isDryRun: Bool = false,
        timings: TimingRecorder? = nil,
        confirm: @escaping @Sendable (String) async throws -> Bool = { _ in false },
        showProgress: @escaping ProgressDisplay,
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.project = project
        self.paths = paths
        self.executable = executable
        self.limit = limit
        self.caller = caller
        self.isDryRun = isDryRun
        self.timings = timings
        self.confirm = confirm
        self.showProgress = showProgress
        self.warn = warn
    }

    func openHost() throws -> Host { try Host(paths) { [warn] in warn("\($0)") } }

    /// Calls `body` with a change of the project whose progress is shown under `title`.
    public func change<Result: Sendable>(
        _ title: String,
        isQuiet: Bool = false,
        _ body: (ProjectChange) async throws -> Result
    ) async throws -> Result {
        let host = try openHost()
        var result: Result?
        try await showProgress(title, isQuiet) { progress in
            result = try await body(
                ProjectChange(
                    host,
                    project: project,
                    executable: executable,
                    progress: progress,
                    limit: limit,
                    caller: caller,
                    isDryRun: isDryRun,
                    silence: silence,
                    timings: timings,
                    confirm: confirm
                )
            )
        }
        guard let result else { preconditionFailure("progress was shown without its work") }
        return result
    }

    /// Returns when no other command is changing the project.
    func waitForOtherChanges() async throws {
        let change = ProjectChange(
            try openHost(),
            project: project,
            executable: executable,
            progress: { _ in }
        )
        try await change.waitForOthers()
    }

    /// Calls `body` with a connection to the project's supervisor, and closes it afterwards.
    public func withSupervisor<Result: Sendable>(
        _ body: (SupervisorClient) async throws -> Result
    ) async throws -> Result {
        let client = SupervisorClient(
            project: project,
            paths: paths,
            executable: executable,
            silence: silence,
            onSilence: { [warn, project] in
                warn("the supervisor of project \"\(project)\" does not answer")
            }
        )
        return try await withCleanup {
            try await body(client)
        } cleanUp: {
            await client.close()
        }
    }
}
