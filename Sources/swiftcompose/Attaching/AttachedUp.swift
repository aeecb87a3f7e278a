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
        /// Whether services are refreshed when their files change; then `whenAllEnd` never comes.
        var watches: Bool
    }

    let bringUp: BringUp
    let options: ProjectChange.UpOptions
    let rules: Rules

    private var session: Session { bringUp.session }
    private var project: Project { bringUp.project }

    /// Returns the exit status.
    func run() async throws -> Int32 {
        try bringUp.warnOfOrphans(options)
        let attachment = Attachment(
            session: session,
            project: project,
            rules: rules,
            targets: options.services
        )
        let watching =
            try rules.watches
            ? Watching(
                session,
                project,
                prunes: false,
                hidesBuild: bringUp.images.quietBuild,
                tell: attachment.tellOfFiles
            ) : nil
        let images = try await bringUp.images(for: options)
        let client = SupervisorClient(
            project: project.name,
            paths: session.paths,
            executable: session.executable
        )
        let outcome: Result<Int32, any Error>
        do {
            outcome = .success(try await run(images, attachment, client, watching))
        } catch {
            outcome = .failure(error)
        }
        await attachment.end()
        await client.close()
        return try outcome.get()
    }

    private enum Step: Sendable {
        case broughtUp
        case signalled
        case ended(AttachedUp.Verdict)
        case stopped
    }

    /// How the containers' fate ends an attached `up`.
    struct Verdict: Sendable, Equatable {
        var code: Int32
        /// The others are stopped as well.
        var stopsOthers: Bool
    }

    /// Three things at once: the bringing up, the containers' fate, the signals that stop us.
    private func run(
        _ images: [String: ServiceImage],
        _ attachment: Attachment,
        _ client: SupervisorClient,
        _ watching: Watching?
    ) async throws -> Int32 {
        let signals = try SignalStream([.interrupt, .terminate])
        // Awaited below; a task of its own so that a signal can cancel it alone.
        let bringing = Task { try await start(images, attachment, client) }
        return try await withThrowingTaskGroup(of: Step?.self) { group in
            group.addTask {
                do {
                    try await bringing.value
                    return .broughtUp
                } catch  where bringing.isCancelled {
                    // What was under way says in its own words that it was given up.
                    return nil
                }
            }
            group.addTask { await attachment.watch().map(Step.ended) }
            group.addTask { await signals.first() ? .signalled : nil }
            defer { group.cancelAll() }
            var watch: Task<Void, Never>?
            defer { watch?.cancel() }
            var status: Int32?
            while let step = try await group.next() {
                switch step {
                case nil: continue
                case .broughtUp:
                    if let watching, status == nil {
                        // Awaited by the group; a task of its own, to be cancelled alone.
                        let task = Task { await watchFiles(watching) }
                        watch = task
                        group.addTask {
                            await task.value
                            return nil
                        }
                    } else if await attachment.isEmpty {
                        return 0
                    }
                case .ended(let verdict):
                    if status != nil { continue }
                    guard verdict.stopsOthers else { return verdict.code }
                    status = verdict.code
                    watch?.cancel()
                    tellAbort()
                    group.addTask { try await stop(killing: false) }
                case .signalled:
                    watch?.cancel()
                    let isFirst = status == nil
                    if isFirst {
                        status = 130
                        Output.line("Gracefully Stopping... press Ctrl+C again to force")
                        bringing.cancel()
                    }
                    group.addTask { try await stop(killing: !isFirst) }
                    group.addTask { await signals.first() ? .signalled : nil }
                case .stopped: return status ?? 0
                }
            }
            return status ?? 0
        }
    }

    /// What keeps files from being watched is told; the services go on.
    private func watchFiles(_ watching: Watching) async {
        do {
            try await watching.run()
        } catch  where !Task.isCancelled {
            session.warn("\(error)")
        } catch {
            // We are stopping anyway.
        }
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

    private func tellAbort() {
        let words = "Aborting on container exit..."
        Output.printStyledError(session.errors.showsColour ? Colour.red.paint(words) : words)
    }

    /// Stops in order, or kills everything at once.
    private func stop(killing kills: Bool) async throws -> Step? {
        try await session.change(project.name, kills ? "Killing" : "Stopping") { change in
            if kills {
                _ = try await change.kill(.init(), with: .kill)
            } else {
                // An interrupt may come while some are just being started.
                try await change.stop(.init(), grace: options.grace, includingStarting: true)
            }
        }
        return kills ? nil : .stopped
    }
}
