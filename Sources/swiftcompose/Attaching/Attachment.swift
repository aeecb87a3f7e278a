import ComposeFile
import Orchestrator

/// The output of a project's containers, shown as it comes, and what becomes of them.
actor Attachment {
    private let session: Session
    private let project: Project
    private let rules: AttachedUp.Rules
    private let targets: [String]
    private let printer: LogPrinter
    private var log: LogSession?
    /// Gives the containers' events once they are followed.
    private let (begun, beginning) = AsyncStream<AsyncStream<ContainerEvent>>.makeStream()
    /// Containers that have not ended for good, by id.
    private var alive: Set<String> = []
    private var names: [String: String] = [:]
    /// The printer's places of hooks that have said something.
    private var hooks: [String: Int] = [:]

    init(session: Session, project: Project, rules: AttachedUp.Rules, targets: [String]) {
        self.session = session
        self.project = project
        self.rules = rules
        self.targets = targets
        printer = LogPrinter(
            showsPrefix: rules.showsPrefix,
            showsTime: rules.showsTime,
            inColour: session.output.showsColour && rules.inColour,
            keepsStreamsApart: true
        )
    }

    /// Begins to show what the containers say from now on; called before any of them starts.
    func begin(
        _ containers: [ExistingContainer],
        _ events: AsyncStream<ContainerEvent>
    ) throws {
        defer { beginning.yield(events) }
        let attached = containers.filter { isShown($0.record) }
        alive = Set(attached.map(\.id))
        names = Dictionary(uniqueKeysWithValues: attached.map { ($0.id, $0.record.logName) })
        let list = attached.map(\.record.logName).joined(separator: ", ")
        Output.line("Attaching to \(list)")
        for container in attached { printer.add(container.record.logName) }
        let files = session.paths.project(project.name)
        var options = LogOptions()
        options.follow = true
        options.since = .now
        let printer = printer
        log = try LogSession(
            attached.map { files.output(of: $0.record) },
            options,
            onLine: { printer.print($0) },
            onPause: { printer.flush() }
        )
    }

    /// Nobody's output is shown.
    var isEmpty: Bool { names.isEmpty }

    /// Follows the containers' fate until the rules say that it is over; nil when cancelled.
    func watch() async -> AttachedUp.Verdict? {
        for await events in begun {
            for await event in events {
                if rules.watches, event.kind == .started { adopt(event.container) }
                guard names[event.container] != nil else { continue }
                if let verdict = await consider(event) { return verdict }
            }
            return Task.isCancelled ? nil : AttachedUp.Verdict(code: 0, stopsOthers: false)
        }
        return nil
    }

    /// Shows what is left and ends.
    func end() async {
        guard let log else { return }
        await log.settle()
        log.stop()
        await log.ended()
        printer.flush()
    }

    /// Prints a line about the files that are watched.
    nonisolated func tellOfFiles(_ text: String) { printer.printOfFiles(text) }

    /// Shows what a container says that has taken another's place.
    private func adopt(_ id: String) {
        // One that is gone again has nothing to show.
        guard names[id] == nil,
            let record = try? ContainerStore(session.paths).container(id, of: project.name)?.record,
            isShown(record)
        else { return }
        let name = record.logName
        if names.values.contains(name) { printer.say("\(name) has been recreated") }
        names[id] = name
        printer.add(name)
        log?.add(session.paths.project(project.name).output(of: record))
    }

    private func consider(_ event: ContainerEvent) async -> AttachedUp.Verdict? {
        let name = names[event.container] ?? event.name
        switch event.kind {
        case .started: alive.insert(event.container)
        // One that waited for its restart ends without dying once more.
        case .startFailed, .stopped: alive.remove(event.container)
        case .hookOutput(let line):
            let label = "\(name) ->"
            let place = hooks[label] ?? printer.addGuest(label)
            hooks[label] = place
            printer.print(line, ofGuest: place, at: event.time)
            return nil
        case .died(let code, let restart):
            await log?.settle()
            let status = code.map(String.init) ?? "unknown"
            let note = restart == nil ? "" : " (restarting)"
            printer.say("\(name) exited with code \(status)\(note)")
            guard restart == nil else { return nil }
            alive.remove(event.container)
            if let verdict = ending(event.service, code ?? 0) { return verdict }
        default: return nil
        }
        return alive.isEmpty && !rules.watches
            ? AttachedUp.Verdict(code: 0, stopsOthers: false) : nil
    }

    private func ending(_ service: String, _ code: Int32) -> AttachedUp.Verdict? {
        switch rules.ending {
        case .whenAllEnd: nil
        case .whenOneEnds: AttachedUp.Verdict(code: code, stopsOthers: true)
        case .whenOneFails: code == 0 ? nil : AttachedUp.Verdict(code: code, stopsOthers: true)
        case .whenServiceEnds(let name):
            name == service ? AttachedUp.Verdict(code: code, stopsOthers: true) : nil
        }
    }

    private func isShown(_ record: ContainerRecord) -> Bool {
        let service = record.service
        if record.isOneOff || rules.hidden.contains(service) { return false }
        if !rules.shown.isEmpty { return rules.shown.contains(service) }
        if project.services[service]?.attach == false { return targets.contains(service) }
        return rules.showsDependencies || targets.contains(service)
    }
}
