import Linux
import SystemPackage

/// Connects to a project's supervisor, and starts one where there is none. Blocks its thread.
struct SupervisorLaunch: Sendable {
    let project: String
    let paths: DataPaths
    let executable: FilePath
    /// Called if the supervisor has not answered for two seconds.
    var onSilence: @Sendable () -> Void = {}

    private var files: ProjectPaths { paths.project(project) }

    /// A connection to a supervisor that has sent its greeting.
    func connect() throws(SupervisorError) -> SupervisorConnection {
        for _ in 1...10 {
            if let connection = try reach(connectIfRunning) { return connection }
            if let connection = try startIfNeeded() { return connection }
        }
        throw SupervisorError(.keepsEnding, project: project)
    }

    /// Whether a supervisor accepts connections, though it may not answer.
    var isListening: Bool {
        do throws(SystemCallError) {
            _ = try LocalSocket.connect(to: files.socket)
            return true
        } catch {
            // A socket that cannot be reached has no listener.
            return false
        }
    }

    /// Waits for the greeting of a running supervisor, and calls `onSilence` if there is none within
    /// the rest of its patience.
    func checkAnswer() {
        do throws(SystemCallError) {
            let socket = try LocalSocket.connect(to: files.socket)
            let patience = SupervisorPatience.untilNotice / 2
            if try Readiness.wait(for: [socket.number], timeout: patience).isEmpty { onSilence() }
        } catch {
            // It has ended, which the pending request reports.
        }
    }

    /// Nil if no supervisor listens, or if it ended just then.
    func connectIfRunning() throws(SystemCallError) -> SupervisorConnection? {
        do throws(SystemCallError) {
            let socket = try LocalSocket.connect(to: files.socket)
            return try SupervisorConnection.greeted(
                socket,
                project: project,
                onSilence: onSilence
            )
        } catch {
            let absent: [Errno] = [.noSuchFileOrDirectory, .connectionRefused, .connectionReset]
            if absent.contains(error.reason) { return nil }
            throw error
        }
    }

    /// Only one process starts the supervisor; the others wait for the lock and then connect. Nil if
    /// the started one has ended already.
    private func startIfNeeded() throws(SupervisorError) -> SupervisorConnection? {
        let lock = try reach { () throws(SystemCallError) in
            try FileLock(waitingFor: files.startingLock, creatingDirectories: 0o700)
        }
        return try lock.whileHeld { () throws(SupervisorError) in
            if let connection = try reach(connectIfRunning) { return connection }
            let answer = try reach(start)
            // The supervisor died before reporting readiness; retry.
            if answer.isEmpty { return nil }
            if answer != SupervisorProgram.readyMessage {
                throw SupervisorError(.didNotStart(answer), project: project)
            }
            return try reach(connectIfRunning)
        }
    }

    /// Starts a supervisor; returns its message, which is empty if it dies without one.
    private func start() throws(SystemCallError) -> String {
        let pipe = try Pipe()
        let null = try Descriptor.open("/dev/null", .readingAndWriting)
        // Another command may have removed the project since the lock was taken.
        try FileSystem.makeDirectories(files.run, mode: 0o700)
        let log = try Descriptor.open(
            files.supervisorLog,
            [.writing, .creating, .appending],
            mode: 0o600
        )
        // The pipe reports its end. An exited child costs nothing until this process ends too.
        _ = try ChildProgram.startDetached(
            executable,
            arguments: SupervisorProgram.arguments(project: project, paths: paths),
            descriptors: [null.number, log.number, log.number, pipe.writeEnd.number],
            inNewSession: true
        )
        let answers = pipe.takeReadEnd()
        return String(decoding: try answers.readToEnd(), as: UTF8.self)
    }

    private func reach<Value: ~Copyable>(
        _ body: () throws(SystemCallError) -> Value
    ) throws(SupervisorError) -> Value {
        do throws(SystemCallError) {
            return try body()
        } catch {
            throw SupervisorError(.unreachable(error), project: project)
        }
    }
}
