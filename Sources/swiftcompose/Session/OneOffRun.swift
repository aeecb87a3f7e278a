import Linux
import Orchestrator

/// The life of a container of `run`, from its start to its end.
struct OneOffRun: Sendable {
    private let prepared: PreparedRun
    private let session: Session
    private let client: SupervisorClient

    init(_ prepared: PreparedRun, in session: Session) {
        self.prepared = prepared
        self.session = session
        client = SupervisorClient(
            project: prepared.container.record.project,
            paths: session.paths,
            executable: session.executable
        )
    }

    /// Returns the exit status: the container's own, or 125 to 127 when it could not be started.
    func run(detached: Bool) async throws -> Int32 {
        let outcome: Result<Int32, any Error>
        do {
            outcome = .success(try await detached ? runDetached() : runAttached())
        } catch {
            outcome = .failure(error)
        }
        await client.close()
        return try outcome.get()
    }

    private func start() async throws {
        // Released even when the start fails: from then on the supervisor knows of the container.
        defer { prepared.release() }
        try await client.request(.start(container: prepared.container.id))
    }

    private func runDetached() async throws -> Int32 {
        do {
            try await start()
        } catch let error as SupervisorError {
            return try explain(error)
        }
        Output.line(prepared.container.id)
        return 0
    }

    private func runAttached() async throws -> Int32 {
        let record = prepared.container.record
        var options = ContainerAttachment.Options()
        options.takesInput = record.keepsInputOpen
        let attachment = ContainerAttachment(record, in: session, client: client, options: options)
        do {
            switch try await attachment.run({ try await start() }) {
            case .detached: return 0
            case .interrupted(let signal): return 128 + signal.rawValue
            case .exited(let code):
                try await removeIfWanted()
                return code ?? 1
            }
        } catch let error as SupervisorError {
            try await removeIfWanted()
            return try explain(error)
        }
    }

    /// While we read its log the supervisor leaves the container to us.
    private func removeIfWanted() async throws {
        guard prepared.container.record.removesItself else { return }
        try await client.request(.remove(container: prepared.container.id))
    }

    /// A start that failed has a status of its own.
    private func explain(_ error: SupervisorError) throws -> Int32 {
        guard let exitCode = error.exitCode else { throw error }
        Output.printError("\(error)")
        return exitCode
    }
}
