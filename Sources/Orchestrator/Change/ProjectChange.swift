import Linux
public import SystemPackage

/// One change of a project, from the lock to the last progress line.
///
/// Commands that change the same project wait for one another; reading commands never do.
public struct ProjectChange: Sendable {
    public let host: Host
    public let project: String
    let executable: FilePath
    let progress: ProgressSink
    /// At most so many operations at once.
    let limit: Int
    /// Plans are told and not carried out.
    let isDryRun: Bool
    /// Asks the user; false where there is nobody to ask.
    let confirm: @Sendable (String) async throws -> Bool

    public init(
        _ host: Host,
        project: String,
        executable: FilePath,
        progress: @escaping ProgressSink,
        limit: Int = .max,
        isDryRun: Bool = false,
        confirm: @escaping @Sendable (String) async throws -> Bool = { _ in false }
    ) {
        self.host = host
        self.project = project
        self.executable = executable
        self.progress = progress
        self.limit = limit
        self.isDryRun = isDryRun
        self.confirm = confirm
    }
}

extension ProjectChange {
    /// Runs `body` while no other command changes the project.
    func whileLocked<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        let lock = try await ChangeLock.take(
            host.paths.project(project).changeLock,
            of: project,
            progress: progress
        )
        let outcome: Result<Value, any Error>
        do {
            // Whoever gave up waiting changes nothing any more.
            try Task.checkCancellation()
            outcome = .success(try await body())
        } catch {
            outcome = .failure(error)
        }
        try host.tidy(project)
        lock.release()
        return try outcome.get()
    }

    /// Returns when no other command is changing the project.
    public func waitForOthers() async throws { try await whileLocked {} }

    /// Carries out `plan`, or only tells it in a dry run.
    func carryOut(_ plan: Plan, _ configure: (inout PlanRunner) -> Void = { _ in }) async throws {
        guard !isDryRun else { return tell(plan) }
        let client = SupervisorClient(
            project: project,
            paths: host.paths,
            executable: executable
        )
        var runner = PlanRunner(
            host: host,
            project: project,
            client: client,
            progress: progress
        )
        configure(&runner)
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await runner.run(plan, limit: limit))
        } catch {
            outcome = .failure(error)
        }
        await client.close()
        try outcome.get()
    }

    private func tell(_ plan: Plan) {
        for operation in plan.operations {
            let (object, word) = operation.action.outcome
            let detail = operation.cause == .unchanged ? nil : operation.cause.description
            progress(ProgressEvent(object, word, .done, detail: detail))
        }
    }
}

extension Plan.Action {
    /// What it is about, and the word for having done it.
    fileprivate var outcome: (object: String, word: String) {
        switch self {
        case .createNetwork(let name): ("Network \(name)", "Created")
        case .removeNetwork(let name): ("Network \(name)", "Removed")
        case .createVolume(let name): ("Volume \(name)", "Created")
        case .removeVolume(let name): ("Volume \(name)", "Removed")
        case .createContainer(let new):
            ("Container \(new.container.name)", new.replaces == nil ? "Created" : "Recreated")
        case .start(let container): ("Container \(container.name)", "Started")
        case .stop(let container): ("Container \(container.name)", "Stopped")
        case .remove(let container): ("Container \(container.name)", "Removed")
        case .keep(let container): ("Container \(container.name)", "Running")
        case .await(let container, .completed, _): ("Container \(container.name)", "Exited")
        case .await(let container, .ready, _): ("Container \(container.name)", "Running")
        case .await(let container, .healthy, _): ("Container \(container.name)", "Healthy")
        }
    }
}
