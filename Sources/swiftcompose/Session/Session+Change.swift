import Glibc
import Linux
import Orchestrator

extension Session {
    /// Changes the project's existing containers, showing progress; returns 0.
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
        _ body: (ProjectChange) async throws -> Result
    ) async throws -> Result {
        try await projectSession(project).change(title, body)
    }

    /// The project as operations of the orchestrator work on it; `timings` records their times.
    func projectSession(
        _ project: String,
        timings: TimingRecorder? = nil
    ) -> ProjectSession {
        ProjectSession(
            project: project,
            paths: paths,
            executable: executable,
            limit: parallelLimit ?? .max,
            caller: caller,
            isDryRun: global.dryRun,
            timings: timings,
            confirm: { question in
                try await BackgroundThread.run { confirms(question) }
            },
            showProgress: { title, isQuiet, work in
                try await showingProgress(title, isQuiet: isQuiet, work)
            },
            warn: warn
        )
    }

    /// Whether containers of undeclared services are left unmentioned.
    func ignoresOrphans(removing removesOrphans: Bool) throws -> Bool {
        let ignores = isSet("COMPOSE_IGNORE_ORPHANS")
        if ignores, removesOrphans {
            throw CommandError.incompatible("COMPOSE_IGNORE_ORPHANS", "--remove-orphans")
        }
        return ignores
    }

    /// Opens the stores of the host for a change that cannot be shown beforehand.
    ///
    /// Throws in a dry run.
    func openHostToChange() throws -> Host {
        guard !global.dryRun else { throw CommandError.noDryRun }
        return try openHost()
    }

    /// The user who called sudo, whom new bind sources belong to; nil without sudo, and for an
    /// ordinary user, whom everything belongs to.
    private var caller: FileOwner? {
        guard geteuid() == 0, UserNamespace.holder == nil,
            let user = environment["SUDO_UID"].flatMap({ UInt32($0) }),
            let group = environment["SUDO_GID"].flatMap({ UInt32($0) })
        else { return nil }
        return FileOwner(user: user, group: group)
    }

    /// `--parallel`, else `COMPOSE_PARALLEL_LIMIT`, else nil for no limit.
    var parallelLimit: Int? {
        let limit = global.parallel ?? environment["COMPOSE_PARALLEL_LIMIT"].flatMap { Int($0) }
        return limit.flatMap { $0 > 0 ? $0 : nil }
    }

    /// Asks a question on the terminal; without one the answer is no.
    func confirms(_ question: String) -> Bool {
        guard StandardStream.input.isTerminal else { return false }
        return region.asking {
            StandardStream.error.write("\(question) [y/N] ".utf8)
            return ["y", "yes"].contains(readLine()?.lowercased())
        }
    }
}
