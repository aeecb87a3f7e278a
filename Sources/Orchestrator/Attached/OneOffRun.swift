import Linux

/// The life of a container of `run`, from its start to its exit.
public struct OneOffRun: Sendable {
    /// The result of the command.
    public enum Outcome: Sendable {
        /// The container runs in the background.
        case detached(container: String)
        /// The command ends with this exit status.
        case exited(Int32)
        /// The container could not be started; the status is 125, 126 or 127.
        case startFailed(SupervisorError, exitCode: Int32)
    }

    private let prepared: PreparedRun
    private let session: ProjectSession
    private let display: LogDisplay

    public init(_ prepared: PreparedRun, in session: ProjectSession, display: LogDisplay) {
        self.prepared = prepared
        self.session = session
        self.display = display
    }

    public func run(detached: Bool) async throws -> Outcome {
        try await session.withSupervisor { client in
            do {
                return try await detached ? runDetached(client) : runAttached(client)
            } catch let error as SupervisorError {
                guard let exitCode = error.exitCode else { throw error }
                return .startFailed(error, exitCode: exitCode)
            }
        }
    }

    private func start(_ client: SupervisorClient) async throws {
        // Released even if the start fails: the supervisor knows the container from then on.
        defer { prepared.release() }
        try await client.request(.start(container: prepared.container.id))
    }

    private func runDetached(_ client: SupervisorClient) async throws -> Outcome {
        try await start(client)
        return .detached(container: prepared.container.id)
    }

    private func runAttached(_ client: SupervisorClient) async throws -> Outcome {
        let record = prepared.container.record
        var options = ContainerAttachment.Options()
        options.takesInput = record.keepsInputOpen
        let attachment = ContainerAttachment(
            record,
            in: session,
            client: client,
            options: options,
            display: display
        )
        do {
            switch try await attachment.run({ try await start(client) }) {
            case .detached: return .exited(0)
            case .interrupted(let signal): return .exited(128 + signal.rawValue)
            case .exited(let code):
                try reportCause(of: record)
                try await removeIfTemporary(client)
                return .exited(code ?? 1)
            }
        } catch let error as SupervisorError {
            try await removeIfTemporary(client)
            throw error
        }
    }

    /// Warns that the container ran out of memory, which its exit status does not show.
    private func reportCause(of record: ContainerRecord) throws {
        let container = try ContainerStore(session.paths).container(
            record.id,
            of: session.project,
            isSupervised: true
        )
        if container?.state.failedForMemory == true {
            session.warn("container \(record.name) ran out of memory")
        }
    }

    /// Removes a container of `run --rm`, which the supervisor keeps until its log has been read.
    private func removeIfTemporary(_ client: SupervisorClient) async throws {
        guard prepared.container.record.removesItself else { return }
        try await client.request(.remove(container: prepared.container.id))
    }
}
