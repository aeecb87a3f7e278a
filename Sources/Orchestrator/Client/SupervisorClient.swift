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

    /// `executable` is the file of this program; `onSilence` is called if the supervisor has not
    /// answered for two seconds.
    public init(
        project: String,
        paths: DataPaths,
        executable: FilePath,
        onSilence: @escaping @Sendable () -> Void = {}
    ) {
        launch = SupervisorLaunch(
            project: project,
            paths: paths,
            executable: executable,
            onSilence: onSilence
        )
    }

    deinit { connection?.close() }

    /// Whether the project has a supervisor; starts none.
    public static func isRunning(project: String, paths: DataPaths) async -> Bool {
        let launch = SupervisorLaunch(project: project, paths: paths, executable: "")
        do {
            let connection = try await BackgroundThread.run { try launch.connectIfRunning() }
            connection?.close()
            return connection != nil
        } catch {
            // To the caller, an unreachable supervisor is none.
            return false
        }
    }

    /// Starts a supervisor where there is none; it stays if it has containers to supervise.
    public static func ensureRunning(
        project: String,
        paths: DataPaths,
        executable: FilePath
    ) throws(SupervisorError) {
        try SupervisorLaunch(project: project, paths: paths, executable: executable).connect()
            .close()
    }

    /// Returns once `action` has been performed; cancelling only ends the waiting.
    public func request(_ action: SupervisorRequest.Action) async throws(SupervisorError) {
        for _ in 1...3 {
            let connection = try await connected()
            switch await connection.ask(action) {
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

    private func subscription(
        since: Timestamp
    ) async throws(SupervisorError) -> AsyncStream<ContainerEvent> {
        for _ in 1...3 {
            let connection = try await connected()
            let events = connection.events()
            switch await connection.ask(.subscribe(since: since)) {
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
        guard let result = await opening.resultUnlessCancelled else {
            // The thread that waits for the greeting ends with this process.
            throw error(.cancelled)
        }
        self.opening = nil
        switch result {
        case .success(let connection):
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
    fileprivate var resultUnlessCancelled: Result<Success, Failure>? {
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
