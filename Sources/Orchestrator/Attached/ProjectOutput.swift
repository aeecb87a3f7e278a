import ComposeFile

/// The output of a project's containers as an attached `up` shows it, until its rules end it.
actor ProjectOutput {
    private let project: Project
    private let session: ProjectSession
    private let rules: AttachedUp.Rules
    private let targets: [String]
    private let display: LogDisplay
    private var log: LogSession?
    /// Delivers the containers' events once they are subscribed to.
    private let (started, starting) = AsyncStream<AsyncStream<ContainerEvent>>.makeStream()
    /// Ids of containers that run or will be restarted.
    private var active: Set<String> = []
    /// Ids of containers in whose present run the OOM killer has killed a process.
    private var outOfMemory: Set<String> = []
    /// Names of shown containers by id.
    private var names: [String: String] = [:]
    /// The end of all containers does not end the command.
    private var outlastsContainers: Bool

    init(
        project: Project,
        session: ProjectSession,
        rules: AttachedUp.Rules,
        targets: [String],
        display: LogDisplay
    ) {
        self.project = project
        self.session = session
        self.rules = rules
        self.targets = targets
        self.display = display
        outlastsContainers = rules.watches
    }

    /// Sets whether the end of all containers is to leave the command running.
    func keepsFollowing(_ outlasts: Bool) { outlastsContainers = outlasts }

    /// Shows output written from now on; called before any of the containers is started.
    func begin(
        _ containers: [ExistingContainer],
        _ events: AsyncStream<ContainerEvent>
    ) throws {
        defer { starting.yield(events) }
        let shown = containers.filter { isShown($0.record) }
        active = Set(shown.map(\.id))
        names = Dictionary(uniqueKeysWithValues: shown.map { ($0.id, $0.record.logName) })
        display.show(.attaching(to: shown.map(\.record.logName)))
        for container in shown { display.addSource(container.record.logName) }
        let files = session.paths.project(project.name)
        var options = LogOptions()
        options.follow = true
        options.since = .now
        log = try LogSession(
            shown.map { files.output(of: $0.record) },
            options,
            onLine: display.print,
            onPause: display.flush
        )
    }

    /// Whether no container's output is shown.
    var isEmpty: Bool { names.isEmpty }

    /// Follows the containers until the rules end the command; nil when cancelled.
    func follow() async -> AttachedUp.Verdict? {
        for await events in started {
            for await event in events {
                if event.kind == .started { adopt(event.container) }
                guard names[event.container] != nil else { continue }
                if let verdict = await verdict(on: event) { return verdict }
            }
            return Task.isCancelled ? nil : AttachedUp.Verdict(code: 0, stopsOthers: false)
        }
        return nil
    }

    /// Shows the rest of the output and ends.
    func end() async {
        guard let log else { return }
        await log.settle()
        log.stop()
        await log.ended()
        _ = display.flush()
    }

    /// Shows the output of a container that was created after the command began.
    private func adopt(_ id: String) {
        // A container that has been removed again has no output to show.
        guard names[id] == nil,
            let record = try? ContainerStore(session.paths).container(id, of: project.name)?.record,
            isShown(record)
        else { return }
        let name = record.logName
        if names.values.contains(name) { display.show(.recreated(name)) }
        names[id] = name
        display.addSource(name)
        log?.add(session.paths.project(project.name).output(of: record))
    }

    private func verdict(on event: ContainerEvent) async -> AttachedUp.Verdict? {
        let name = names[event.container] ?? event.name
        switch event.kind {
        case .started: active.insert(event.container)
        case .outOfMemory:
            outOfMemory.insert(event.container)
            return nil
        // A container that waited for its restart is stopped without a further exit.
        case .startFailed, .stopped: active.remove(event.container)
        case .hookOutput(let line):
            display.show(.hookOutput(name: name, line: line, time: event.time))
            return nil
        case .died(let code, let restart):
            await log?.settle()
            let ranOut = outOfMemory.remove(event.container) != nil && code != 0
            display.show(
                .exited(
                    name,
                    .init(code: code, isRestarting: restart != nil, ranOutOfMemory: ranOut)
                )
            )
            guard restart == nil else { return nil }
            active.remove(event.container)
            if let verdict = verdict(onExit: code ?? 0) { return verdict }
        default: return nil
        }
        guard active.isEmpty, !outlastsContainers, await !moreContainersFollow() else { return nil }
        return AttachedUp.Verdict(code: 0, stopsOthers: false)
    }

    /// Whether a command in progress, such as one that recreates containers, leaves one running.
    private func moreContainersFollow() async -> Bool {
        do {
            try await session.waitForOtherChanges()
            return try ContainerStore(session.paths).containers(of: project.name).contains {
                isShown($0.record) && !$0.hasEnded && $0.state.status != .created
            }
        } catch {
            // A project that cannot be read has no more output to show.
            return false
        }
    }

    private func verdict(onExit code: Int32) -> AttachedUp.Verdict? {
        let isEnd =
            switch rules.ending {
            case .allExit: false
            case .anyExits, .serviceExits: true
            case .anyFails: code != 0
            }
        return isEnd ? AttachedUp.Verdict(code: code, stopsOthers: true) : nil
    }

    private func isShown(_ record: ContainerRecord) -> Bool {
        let service = record.service
        if record.isOneOff || rules.hidden.contains(service) { return false }
        if !rules.shown.isEmpty { return rules.shown.contains(service) }
        if project.services[service]?.attach == false { return targets.contains(service) }
        return rules.showsDependencies || targets.contains(service)
    }
}
