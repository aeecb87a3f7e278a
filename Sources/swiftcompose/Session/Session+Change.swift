import Glibc
import Linux
import Orchestrator

extension Session {
    /// Changes the containers that exist of the project, showing progress; returns 0.
    func change(
        _ services: [String],
        _ title: String,
        _ body: (ProjectChange, ProjectChange.Selection) async throws -> Void
    ) async throws -> Int32 {
        let project = try projectReference(naming: services)
        let selection = try project.selection(of: services)
        try await change(project.name, title) { try await body($0, selection) }
        return 0
    }

    /// Changes `project`, showing progress.
    func change<Result: Sendable>(
        _ project: String,
        _ title: String,
        isQuiet: Bool = false,
        _ body: (ProjectChange) async throws -> Result
    ) async throws -> Result {
        try demandPrivilege()
        let host = try openHost()
        return try await showingProgress(title, isQuiet: isQuiet) { sink in
            try await body(
                ProjectChange(
                    host,
                    project: project,
                    executable: executable,
                    progress: sink,
                    limit: parallelLimit ?? .max,
                    isDryRun: global.dryRun,
                    confirm: { question in
                        try await BackgroundThread.run { confirms(question) }
                    }
                )
            )
        }
    }

    /// Returns when no other command is changing `project`.
    func waitForChanges(of project: String) async throws {
        let change = ProjectChange(
            try openHost(),
            project: project,
            executable: executable,
            progress: { _ in }
        )
        try await change.waitForOthers()
    }

    /// Throws unless we are root, before anything else can fail in stranger ways.
    func demandPrivilege() throws {
        guard geteuid() == 0 else { throw OrchestratorError.missingPrivilege }
    }

    /// `--parallel`, else `COMPOSE_PARALLEL_LIMIT`, else nil, no limit.
    var parallelLimit: Int? {
        let limit = global.parallel ?? environment["COMPOSE_PARALLEL_LIMIT"].flatMap { Int($0) }
        return limit.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Asks on the terminal; without one the answer is no.
    func confirms(_ question: String) -> Bool {
        guard StandardStream.input.isTerminal else { return false }
        StandardStream.error.write("\(question) [y/N] ".utf8)
        return ["y", "yes"].contains(readLine()?.lowercased())
    }
}
