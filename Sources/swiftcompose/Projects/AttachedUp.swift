import ComposeFile
import Linux
import Orchestrator
import Synchronization

/// `up` in the foreground: brings the project up, shows its output, and stops it at the end.
struct AttachedUp: Sendable {
    /// When an attached `up` is over.
    enum Ending: Sendable, Equatable {
        case whenAllEnd
        case whenOneEnds
        case whenOneFails
        case whenServiceEnds(String)
    }

    /// Whose output is shown, and how.
    struct Rules: Sendable {
        /// Empty: everybody's.
        var shown: [String]
        var hidden: [String]
        var showsDependencies: Bool
        var showsPrefix: Bool
        var showsTime: Bool
        var inColour: Bool
        var ending: Ending
    }

    let bringUp: BringUp
    let options: ProjectChange.UpOptions
    let rules: Rules

    private var session: Session { bringUp.session }
    private var project: Project { bringUp.project }

    /// Returns the exit status.
    func run() async throws -> Int32 {
        try bringUp.warnOfOrphans(options)
        let images = try await bringUp.images(for: options)
        let client = SupervisorClient(
            project: project.name,
            paths: session.paths,
            executable: session.executable
        )
        let attachment = Attachment(
            session: session,
            project: project,
            rules: rules,
            targets: options.services
        )
        let outcome: Result<Int32, any Error>
        do {
            outcome = .success(try await run(images, attachment, client))
        } catch {
            outcome = .failure(error)
        }
        await attachment.end()
        await client.close()
        return try outcome.get()
    }

    /// Three things at once: the bringing up, the containers' fate, the signals that stop us.
    private func run(
        _ images: [String: ServiceImage],
        _ attachment: Attachment,
        _ client: SupervisorClient
    ) async throws -> Int32 {
        let signals = try SignalStream([.interrupt, .terminate])
        return try await withThrowingTaskGroup(of: Verdict?.self) { group in
            group.addTask {
                try await start(images, attachment, client)
                return try await attachment.watch()
            }
            group.addTask { await signals.first() ? .interrupted : nil }
            let verdict = try await group.next() ?? nil
            group.cancelAll()
            switch verdict {
            case .interrupted:
                Output.line("Gracefully Stopping... press Ctrl+C again to force")
                try await stop(signals)
                return 130
            case .ended(let code, let stops):
                if stops { try await abort(signals) }
                return code
            case nil: return 0
            }
        }
    }

    enum Verdict: Sendable {
        case interrupted
        case ended(code: Int32, stopsOthers: Bool)
    }

    private func start(
        _ images: [String: ServiceImage],
        _ attachment: Attachment,
        _ client: SupervisorClient
    ) async throws {
        try await session.change(project.name, "Running") { change in
            try await change.up(project, images: images, options: options) { containers in
                try await attachment.begin(containers, try await client.events())
            }
        }
    }

    private func abort(_ signals: SignalStream) async throws {
        Output.complain(
            session.errors.showsColour
                ? Colour.red.paint("Aborting on container exit...")
                : "Aborting on container exit..."
        )
        try await stop(signals)
    }

    /// Stops in order; one more signal kills everything at once.
    private func stop(_ signals: SignalStream) async throws {
        try await withThrowingTaskGroup { group in
            group.addTask {
                try await session.change(project.name, "Stopping") { change in
                    try await change.stop(.init(), grace: options.grace)
                }
                return true
            }
            group.addTask {
                guard await signals.first() else { return false }
                try await session.change(project.name, "Killing") { change in
                    try await change.kill(.init(), with: .kill)
                }
                return false
            }
            while let isStopped = try await group.next(), !isStopped {}
            group.cancelAll()
        }
    }
}
