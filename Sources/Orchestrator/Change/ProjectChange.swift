import Linux
public import SystemPackage

/// One change to a project, from taking its lock to the last progress event.
///
/// Commands that change the same project wait for one another; commands that only read never do.
public struct ProjectChange: Sendable {
    public let host: Host
    public let project: String
    let executable: FilePath
    let progress: ProgressSink
    /// The maximum number of concurrent operations.
    let limit: Int
    /// The user whom new bind sources belong to; nil for this process's.
    let caller: FileOwner?
    /// Plans are reported instead of executed.
    let isDryRun: Bool
    let silence: SupervisorSilence
    /// Records the times of operations; nil if they are not wanted.
    let timings: TimingRecorder?
    /// Asks the user a question; returns false if there is no terminal to ask on.
    let confirm: @Sendable (String) async throws -> Bool

    public init(
        _ host: Host,
        project: String,
        executable: FilePath,
        progress: @escaping ProgressSink,
        limit: Int = .max,
        caller: FileOwner? = nil,
        isDryRun: Bool = false,
        silence: SupervisorSilence = SupervisorSilence(),
        timings: TimingRecorder? = nil,
        confirm: @escaping @Sendable (String) async throws -> Bool = { _ in false }
    ) {
        self.host = host
        self.project = project
        self.executable = executable
        self.progress = progress
        self.limit = limit
        self.caller = caller
        self.isDryRun = isDryRun
        self.silence = silence
        self.timings = timings
        self.confirm = confirm
    }
}

extension ProjectChange {
    /// Runs `body` while no other command changes the project, then removes what an interrupted
    /// command may have left.
    func whileLocked<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws -> Value {
        let lock = try await takeLock()
        return try await withCleanup {
            // Cancelled while waiting for the lock: make no change.
            try Task.checkCancellation()
            return try await body()
        } cleanUp: {
            defer { lock.release() }
            try host.containers.endReservation(of: project)
            try host.tidy(project)
        }
    }

    /// Throws for a container whose record cannot be read.
    ///
    /// It may hold a name, a port or a volume that a new container would take; only `down` removes
    /// it.
    func requireReadableContainers() throws {
        let unreadable = try host.containers.readableContainers(of: project).unreadable
        if let (_, fault) = unreadable.first { throw fault }
    }

    func takeLock() async throws -> ChangeLock {
        try await ChangeLock.take(
            host.paths.project(project).changeLock,
            of: project,
            progress: progress
        )
    }

    /// Returns once no other command is changing the project.
    public func waitForOthers() async throws { try await whileLocked {} }

    /// Executes `plan`, or only reports it in a dry run.
    func execute(_ plan: Plan, with inputs: PlanInputs = PlanInputs()) async throws {
        guard !isDryRun else { return report(plan) }
        try await withClient { client in
            let runner = PlanRunner(
                host: host,
                project: project,
                client: client,
                progress: progress,
                inputs: inputs,
                timings: timings
            )
            try await runner.run(plan, limit: limit)
        }
    }

    /// Calls `body` with a connection to the supervisor, which is started on the first request.
    func withClient(_ body: (SupervisorClient) async throws -> Void) async throws {
        let client = SupervisorClient(
            project: project,
            paths: host.paths,
            executable: executable,
            silence: silence,
            onSilence: { [progress, project] in
                progress(
                    ProgressEvent(
                        "Project \(project)",
                        "Waiting",
                        .warning,
                        detail: "the supervisor does not answer"
                    )
                )
            }
        )
        try await withCleanup {
            try await body(client)
        } cleanUp: {
            await client.close()
        }
    }

    private func report(_ plan: Plan) {
        for operation in plan.allOperations {
            let (object, word) = operation.action.outcome
            let detail = operation.cause == .unchanged ? nil : operation.cause.description
            progress(ProgressEvent(object, word, .done, detail: detail))
        }
    }
}

/// Runs `body`, then `cleanUp` whether or not `body` threw; an error of `cleanUp` takes precedence.
public func withCleanup<Value>(
    _ body: () async throws -> Value,
    cleanUp: () async throws -> Void
) async throws -> Value {
    let outcome: Result<Value, any Error>
    do {
        outcome = .success(try await body())
    } catch {
        outcome = .failure(error)
    }
    try await cleanUp()
    return try outcome.get()
}

extension Plan.Action {
    /// The object it acts on, and the progress word for its completion.
    fileprivate var outcome: (object: String, word: String) {
        switch self {
        case .createNetwork(let name): ("Network \(name)", "Created")
        case .removeNetwork(let name): ("Network \(name)", "Removed")
        case .createVolume(let name): ("Volume \(name)", "Created")
        case .removeVolume(let name): ("Volume \(name)", "Removed")
        case .createContainer(let new):
            ("Container \(new.container.name)", new.replaces == nil ? "Created" : "Recreated")
        case .initialize(let container, _, _): ("Container \(container.name)", "Exited")
        case .start(let container), .startStandby(let container):
            ("Container \(container.name)", "Started")
        case .promote(let container, _): ("Container \(container.name)", "Promoted")
        case .monitor(let container, _): ("Container \(container.name)", "Monitored")
        case .drain(let container): ("Container \(container.name)", "Drained")
        case .roll(let rollout): ("Service \(rollout.service)", "Updated")
        case .stop(let container): ("Container \(container.name)", "Stopped")
        case .remove(let container): ("Container \(container.name)", "Removed")
        case .keep(let container): ("Container \(container.name)", "Running")
        case .await(let container, .completed, _): ("Container \(container.name)", "Exited")
        case .await(let container, .ready, _): ("Container \(container.name)", "Running")
        case .await(let container, .healthy, _): ("Container \(container.name)", "Healthy")
        }
    }
}
