import ComposeFile
import Linux

/// `up` in the foreground: brings the project up, shows its output and stops it at the end.
public struct AttachedUp: Sendable {
    /// The condition that ends an attached `up`.
    public enum Ending: Sendable, Equatable {
        case allExit
        case anyExits
        case anyFails
        /// Any exit, too; the exit status is that of the named service.
        case serviceExits(String)
    }

    /// The services whose output is shown, and the condition that ends the command.
    public struct Rules: Sendable {
        /// Services whose output alone is shown; all if empty.
        public var shown: [String] = []
        public var hidden: [String] = []
        public var showsDependencies = true
        public var ending = Ending.allExit
        /// Services are updated when their files change; the command then continues after all
        /// containers have exited.
        public var watches = false

        public init() {}
    }

    /// The effect of a container's exit on an attached `up`.
    struct Verdict: Sendable, Equatable {
        var code: Int32
        /// The other containers are stopped first.
        var stopsOthers: Bool
    }

    private let bringUp: BringUp
    private let options: ProjectChange.UpOptions
    private let rules: Rules
    private let display: LogDisplay
    private let watchImages: ImageSource
    private let shortcuts: Shortcuts?
    /// Called once the project is up.
    private let onceUp: @Sendable () -> Void
    private let warn: @Sendable (String) -> Void

    public init(
        _ bringUp: BringUp,
        options: ProjectChange.UpOptions,
        rules: Rules,
        display: LogDisplay,
        watchImages: @escaping ImageSource,
        shortcuts: Shortcuts? = nil,
        onceUp: @escaping @Sendable () -> Void = {},
        warn: @escaping @Sendable (String) -> Void
    ) {
        self.bringUp = bringUp
        self.options = options
        self.rules = rules
        self.display = display
        self.watchImages = watchImages
        self.shortcuts = shortcuts
        self.onceUp = onceUp
        self.warn = warn
    }

    private var session: ProjectSession { bringUp.session }
    private var project: Project { bringUp.project }

    /// Returns the exit status.
    public func run() async throws -> Int32 {
        try bringUp.warnOfOrphans(options)
        let output = ProjectOutput(
            project: project,
            session: session,
            rules: rules,
            targets: options.services,
            display: display
        )
        let watch = rules.watches ? try projectWatch() : nil
        let images = try await bringUp.supplyImages()
        return try await session.withSupervisor { client in
            do {
                let status = try await run(images, output, client, watch)
                await end(output)
                return status
            } catch {
                await end(output)
                throw error
            }
        }
    }

    private func end(_ output: ProjectOutput) async {
        await output.end()
        shortcuts?.end()
    }

    private func projectWatch() throws -> ProjectWatch {
        let display = display
        return try ProjectWatch(
            session,
            project,
            images: watchImages,
            prunes: false,
            report: { display.show(.watch($0)) },
            warn: warn
        )
    }

    private enum Step: Sendable {
        case broughtUp
        case interrupted
        /// The supervisor does not answer.
        case unanswered
        case pressed(Shortcuts.Command)
        case ended(Verdict)
        case stopped
    }

    /// Runs three tasks: bringing up, following the containers, and waiting for signals.
    private func run(
        _ images: [String: ServiceImage],
        _ output: ProjectOutput,
        _ client: SupervisorClient,
        _ watch: ProjectWatch?
    ) async throws -> Int32 {
        let signals = try SignalStream([.interrupt, .terminate])
        // Awaited below; a task of its own so that a signal can cancel it alone.
        let bringing = Task { try await start(images, output, client) }
        return try await withThrowingTaskGroup(of: Step?.self) { group in
            group.addTask {
                do {
                    try await bringing.value
                    return .broughtUp
                } catch  where bringing.isCancelled {
                    // Progress has shown the operations that were interrupted.
                    return nil
                }
            }
            group.addTask { await output.follow().map(Step.ended) }
            group.addTask { await signals.first() ? .interrupted : nil }
            group.addTask { await session.silence.begun() ? .unanswered : nil }
            group.addTask { await nextCommand() }
            defer {
                bringing.cancel()
                group.cancelAll()
            }
            var watching: Task<Void, Never>?
            defer { watching?.cancel() }
            func begin(_ watch: ProjectWatch) {
                // Awaited by the group; a task of its own, to be cancelled alone.
                let task = Task { await watchFiles(watch) }
                watching = task
                group.addTask {
                    await task.value
                    return nil
                }
            }
            // Begins once the project is up.
            var upcoming = watch
            var status: Int32?
            var interrupts = 0
            var isUp = false
            // The status to return once the project is up or has failed to come up.
            var earlyEnd: Int32?
            while let step = try await group.next() {
                switch step {
                case nil: continue
                case .broughtUp:
                    isUp = true
                    onceUp()
                    if let earlyEnd, status == nil { return earlyEnd }
                    if let watch = upcoming, status == nil {
                        upcoming = nil
                        begin(watch)
                    } else if await output.isEmpty {
                        return 0
                    }
                case .pressed(.detach):
                    if isUp, status == nil { return 0 }
                    earlyEnd = 0
                    group.addTask { await nextCommand() }
                case .pressed(.toggleWatch):
                    group.addTask { await nextCommand() }
                    if let task = watching {
                        task.cancel()
                        watching = nil
                    } else if upcoming != nil {
                        upcoming = nil
                    } else if status == nil {
                        do {
                            let watch = try projectWatch()
                            if isUp { begin(watch) } else { upcoming = watch }
                        } catch {
                            warn("\(error)")
                        }
                    }
                    guard watchingAtFirst != .impossible else { continue }
                    let isWatching = watching != nil || upcoming != nil
                    await output.keepsFollowing(isWatching)
                    shortcuts?.show(isWatching ? .on : .off)
                case .ended(let verdict):
                    if status != nil { continue }
                    guard verdict.stopsOthers else {
                        if isUp { return verdict.code }
                        earlyEnd = verdict.code
                        continue
                    }
                    status = verdict.code
                    watching?.cancel()
                    shortcuts?.end()
                    display.show(.aborting)
                    group.addTask { try await stop() }
                case .unanswered:
                    // An interrupt can neither stop nor kill anything then.
                    if status == 130 { return 130 }
                case .interrupted where session.silence.hasBegun: return 130
                case .interrupted:
                    // Nothing has been started yet, as while another command changes the project.
                    if status == nil, !isUp, await output.isEmpty { return 130 }
                    interrupts += 1
                    // Stopped, killed, and still no end.
                    if interrupts > 2 { return 130 }
                    watching?.cancel()
                    if status == nil {
                        status = 130
                        shortcuts?.end()
                        display.show(.stopping)
                        bringing.cancel()
                        group.addTask { try await stop() }
                    } else {
                        group.addTask { try await kill() }
                    }
                    group.addTask { await signals.first() ? .interrupted : nil }
                case .stopped: return try exitStatus(after: status ?? 0)
                }
            }
            return status ?? 0
        }
    }

    private func nextCommand() async -> Step? { await shortcuts?.next().map(Step.pressed) }

    private var watchingAtFirst: Shortcuts.Watching {
        if rules.watches { return .on }
        let canWatch = project.services.values.contains { $0.develop?.watch.isEmpty == false }
        return canWatch ? .off : .impossible
    }

    /// Returns the status of the service that `.serviceExits` names, unless it was interrupted.
    private func exitStatus(after status: Int32) throws -> Int32 {
        guard case .serviceExits(let service) = rules.ending, status != 130 else { return status }
        let containers = try ContainerStore(session.paths).containers(of: project.name)
        let container = containers.first { $0.record.service == service && !$0.record.isOneOff }
        return container?.state.exitCode ?? status
    }

    /// Watches files; a failure is reported as a warning, since the services keep running.
    private func watchFiles(_ watch: ProjectWatch) async {
        do {
            try await watch.run()
        } catch  where !Task.isCancelled {
            warn("\(error)")
        } catch {
            // The project is being stopped.
        }
    }

    private func start(
        _ images: [String: ServiceImage],
        _ output: ProjectOutput,
        _ client: SupervisorClient
    ) async throws {
        try await session.change("Running") { change in
            try await change.up(project, images: images, options: options) { containers in
                try await output.begin(containers, try await client.events())
                shortcuts?.begin(watchingAtFirst)
            }
        }
    }

    /// The containers of the project's services, without those of other files.
    private var selection: ProjectChange.Selection { .init(only: Set(project.services.keys)) }

    /// Stops the containers in reverse order of dependency.
    private func stop() async throws -> Step? {
        try await session.change("Stopping") { change in
            // An interrupt may arrive while some containers are being started.
            try await change.stop(selection, grace: options.grace, includingStarting: true)
        }
        return .stopped
    }

    private func kill() async throws -> Step? {
        try await session.change("Killing") { change in
            _ = try await change.kill(selection, with: .kill)
        }
        return nil
    }
}
