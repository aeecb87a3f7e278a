import Linux
public import OCI
public import SystemPackage

/// Sends requests to a project's supervisor, and starts it when there is none.
///
/// A supervisor that dies is replaced, and requests that are safe to repeat are repeated then.
public actor SupervisorClient {
    private let launch: SupervisorLaunch
    private var connection: SupervisorConnection?
    private var opening: Task<SupervisorConnection, any Error>?
    private var isClosed = false
    private let silence: SupervisorSilence

    /// `executable` is the file of this program; `onSilence` is called when the supervisor has not
    /// answered for two seconds, once until it answers again.
    public init(
        project: String,
        paths: DataPaths,
        executable: FilePath,
        silence: SupervisorSilence = SupervisorSilence(),
        onSilence: @escaping @Sendable () -> Void = {}
    ) {
        self.silence = silence
        launch = SupervisorLaunch(
            project: project,
            paths: paths,
            executable: executable,
            onSilence: { if silence.begin() { onSilence() } }
        )
    }

    deinit { connection?.close() }

    /// Whether the project has a supervisor, or gets one within the time that the keeper needs to
    /// replace a dead one. Starts none.
    public static func isRunning(project: String, paths: DataPaths) -> Bool {
        let launch = SupervisorLaunch(project: project, paths: paths, executable: "")
        let clock = ContinuousClock()
        let end = clock.now + SupervisorPatience.untilRevived
        while !launch.isListening {
            // Only the absence of a supervisor costs this time.
            guard clock.now < end else { return false }
            _ = try? Readiness.wait(for: [], timeout: .milliseconds(10))
        }
        return true
    }

    /// Starts a supervisor where there is none; it stays if it has containers to supervise.
    public static func ensureRunning(
        project: String,
        paths: DataPaths,
        executable: FilePath,
        onSilence: @escaping @Sendable () -> Void
    ) throws(SupervisorError) {
        let launch = SupervisorLaunch(
            project: project,
            paths: paths,
            executable: executable,
            onSilence: onSilence
        )
        try launch.connect().close()
    }

    /// Returns once `action` has been performed; cancelling only ends the waiting.
    public func request(_ action: SupervisorRequest.Action) async throws(SupervisorError) {
        for _ in 1...3 {
            let connection = try await connected()
            switch await ask(connection, action) {
            case .done: return
            case .failed(let reason, let exitCode):
                throw error(.refused(reason, exitCode: exitCode))
            case .cancelled: throw error(.cancelled)
            case .lost where action.isRepeatable: continue
            case .lost: throw error(.ended)
            }
        }
        throw error(.keepsEnding)
    }

    /// Publishes an event of a container that this command has created, restarted or removed.
    ///
    /// Starts no supervisor: without one there are no subscribers, and the event is only journalled.
    func report(
        _ kind: ContainerEvent.Kind,
        of record: ContainerRecord
    ) async throws(SupervisorError) {
        let action = SupervisorRequest.Action.report(
            kind,
            container: record.id,
            name: record.name,
            service: record.service
        )
        if let connection = try await existing() {
            switch await ask(connection, action) {
            case .done, .failed: return
            case .cancelled: throw error(.cancelled)
            case .lost: break
            }
        }
        let event = ContainerEvent(
            container: record.id,
            name: record.name,
            service: record.service,
            time: .now,
            kind: kind
        )
        // What the event reports has been done; only `events --since` lacks it.
        try? EventJournal(launch.paths.project(launch.project)).append(event)
    }

    /// The events of the project from now on, or since a time, in order.
    ///
    /// The stream survives a supervisor's death, adds the exits that the dead one could not report,
    /// and ends with `close()`.
    public func events(
        since: Timestamp? = nil
    ) async throws(SupervisorError) -> AsyncStream<ContainerEvent> {
        let start = since ?? .now
        let first = try await subscription(since: start)
        let running = RunningContainers(of: launch.project, launch.paths)
        let (stream, continuation) = AsyncStream<ContainerEvent>.makeStream()
        // Ends with its stream, or when `close()` ends the connection.
        let forwarding = Task {
            var (events, last, running) = (first, start, running)
            while true {
                for await event in events {
                    continuation.yield(event)
                    last = max(last, event.time)
                    running.apply(event)
                }
                guard !isClosed, !Task.isCancelled else { break }
                do throws(SupervisorError) {
                    events = try await subscription(since: last)
                    for event in running.missedExits(since: last) {
                        continuation.yield(event)
                        running.apply(event)
                    }
                } catch {
                    // The end of the stream shows the caller that there is no supervisor any more.
                    break
                }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in forwarding.cancel() }
        return stream
    }

    /// Ends the connection, after which a supervisor without containers may end.
    public func close() {
        isClosed = true
        connection?.close()
    }

    /// Sends a request; while it takes long, checks whether the supervisor answers at all.
    private func ask(
        _ connection: SupervisorConnection,
        _ action: SupervisorRequest.Action
    ) async -> SupervisorConnection.Outcome {
        // Ends with the reply.
        let check = Task { [launch] in
            try await Task.sleep(for: SupervisorPatience.untilNotice / 2)
            try await BackgroundThread.run { launch.checkAnswer() }
        }
        defer { check.cancel() }
        let outcome = await connection.ask(action)
        switch outcome {
        case .done, .failed: silence.end()
        case .lost, .cancelled: break
        }
        return outcome
    }

    private func subscription(
        since: Timestamp
    ) async throws(SupervisorError) -> AsyncStream<ContainerEvent> {
        for _ in 1...3 {
            let connection = try await connected()
            let events = connection.events()
            switch await ask(connection, .subscribe(since: since)) {
            case .done: return events
            case .failed(let reason, let exitCode):
                throw error(.refused(reason, exitCode: exitCode))
            case .cancelled: throw error(.cancelled)
            case .lost: continue
            }
        }
        throw error(.keepsEnding)
    }

    private func connected() async throws(SupervisorError) -> SupervisorConnection {
        if let connection, !connection.isOver { return connection }
        // Concurrent requests wait for the same connection.
        let opening =
            self.opening
            ?? Task { [launch] in
                try await BackgroundThread.run { try launch.connect() }
            }
        self.opening = opening
        return try await connection(of: opening)
    }

    /// A connection to the supervisor that runs; nil if there is none.
    private func existing() async throws(SupervisorError) -> SupervisorConnection? {
        if let connection, !connection.isOver { return connection }
        if let opening { return try await connection(of: opening) }
        guard launch.isListening else { return nil }
        return try await connected()
    }

    private func connection(
        of opening: Task<SupervisorConnection, any Error>
    ) async throws(SupervisorError) -> SupervisorConnection {
        guard let result = await opening.resultUnlessCancelled else {
            // The thread that waits for the greeting ends with this process.
            throw error(.cancelled)
        }
        self.opening = nil
        switch result {
        case .success(let connection):
            silence.end()
            self.connection = connection
            return connection
        case .failure(let fault as SupervisorError): throw fault
        case .failure(let fault): throw error(.didNotStart("\(fault)"))
        }
    }

    private func error(_ problem: SupervisorError.Problem) -> SupervisorError {
        SupervisorError(problem, project: launch.project)
    }
}

extension SupervisorRequest.Action {
    /// Whether the request is idempotent.
    var isRepeatable: Bool {
        if case .kill(_, let signal) = self { signal == .kill } else { true }
    }
}

extension Task {
    /// The task's result; nil if the waiting task is cancelled first.
    var resultUnlessCancelled: Result<Success, Failure>? {
        get async {
            let (results, continuation) = AsyncStream<Result<Success, Failure>>.makeStream()
            // Ends with this task.
            Task<Void, Never> {
                continuation.yield(await result)
                continuation.finish()
            }
            // A cancelled iteration ends at once.
            return await results.first { _ in true }
        }
    }
}
