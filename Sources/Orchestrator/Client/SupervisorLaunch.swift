import Linux
import SystemPackage

/// Connects to a project's supervisor and starts one where there is none. Blocks its thread.
struct SupervisorLaunch: Sendable {
    let project: String
    let paths: DataPaths
    let executable: FilePath

    private var files: ProjectPaths { paths.project(project) }

    /// A connection whose supervisor has said hello.
    func connect() throws(SupervisorError) -> SupervisorConnection {
        for _ in 1...10 {
            if let connection = try reach({ () throws(SystemCallError) in try connectIfRunning() })
            {
                return connection
            }
            if let connection = try startIfNeeded() { return connection }
        }
        throw SupervisorError(.keepsEnding, project: project)
    }

    /// Nil when nobody listens, or when who listened ended just then.
    func connectIfRunning() throws(SystemCallError) -> SupervisorConnection? {
        do throws(SystemCallError) {
            let socket = try LocalSocket.connect(to: files.socket)
            return try SupervisorConnection.greeted(socket, project: project)
        } catch {
            let absent: [Errno] = [.noSuchFileOrDirectory, .connectionRefused, .connectionReset]
            if absent.contains(error.reason) { return nil }
            throw error
        }
    }

    /// One starter at a time: who waited finds the supervisor of who was first. Nil when the one
    /// that was started is gone already.
    private func startIfNeeded() throws(SupervisorError) -> SupervisorConnection? {
        let lock = try reach { () throws(SystemCallError) in
            try FileSystem.makeDirectories(files.run, mode: 0o700)
            return try FileLock(waitingFor: files.run.appending("starting.lock"))
        }
        defer { release(lock) }
        if let connection = try reach({ () throws(SystemCallError) in try connectIfRunning() }) {
            return connection
        }
        let answer = try reach { () throws(SystemCallError) in try start() }
        // Killed before it could say anything, which may not befall the next one.
        if answer.isEmpty { return nil }
        if answer != SupervisorProgram.readyMessage {
            throw SupervisorError(.didNotStart(answer), project: project)
        }
        return try reach { () throws(SystemCallError) in try connectIfRunning() }
    }

    /// What the new supervisor says once it listens, or before it gives up; nothing when it dies.
    private func start() throws(SystemCallError) -> String {
        let pipe = try Pipe()
        let null = try Descriptor.open("/dev/null", .readingAndWriting)
        let log = try Descriptor.open(
            files.supervisorLog,
            [.writing, .creating, .appending],
            mode: 0o600
        )
        // Its end is told by the pipe; as a child that ended it costs nothing until we end too.
        _ = try ChildProgram.startDetached(
            executable,
            arguments: [SupervisorProgram.command, project, paths.data.string, paths.run.string],
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

    private func release(_ lock: borrowing FileLock) {}
}
