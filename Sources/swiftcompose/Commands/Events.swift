import ArgumentParser
import Linux
import OCI
import Orchestrator

struct Events: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Stream what happens to the project's containers."
    )

    @Flag(help: "One JSON object a line.")
    var json = false

    @Option(help: "Begin with past events since a time or an age such as 42m.")
    var since: String?

    @Option(help: "End at that time.")
    var until: String?

    @Argument(help: "The services; all of them if none is named.", completion: .existingServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let now = Timestamp.now
        let client = SupervisorClient(
            project: project.name,
            paths: session.paths,
            executable: session.executable
        )
        let teller = EventTeller(
            project: project.name,
            containers: ContainerStore(session.paths),
            services: services,
            isJSON: json
        )
        // Later ones are told of when they are met.
        let records = try teller.records()
        var known = Set(records.map(\.id))
        if let since {
            let start = try TimeArgument.required(since, "--since", now: now)
            let journal = EventJournal(session.paths.project(project.name))
            let makings = records.filter { $0.created > start }
            try teller.tell(journal.read(since: start), and: makings)
        }
        let end = try until.map { try TimeArgument.required($0, "--until", now: now) }
        if let end, end <= now { return 0 }
        let events = try await client.events()
        try await withThrowingTaskGroup { group in
            if let end {
                group.addTask {
                    try await Task.sleep(for: end - now)
                    await client.close()
                }
            }
            for await event in events {
                if let end, event.time > end { break }
                try teller.tell(event, isFirst: known.insert(event.container).inserted)
            }
            group.cancelAll()
        }
        await client.close()
        return 0
    }
}

/// Tells events, and the making of containers, of which no event tells.
private struct EventTeller {
    let project: String
    let containers: ContainerStore
    let services: [String]
    let isJSON: Bool

    /// The containers whose events are told.
    func records() throws -> [ContainerRecord] {
        try containers.readableContainers(of: project).containers.map(\.record).filter(isWanted)
    }

    /// Tells events and the making of containers, in order of time.
    func tell(_ events: [ContainerEvent], and made: [ContainerRecord]) throws {
        let makings = made.map { ($0.created, EventLine(makingOf: $0)) }
        let others = try events.compactMap { event in try line(event).map { (event.time, $0) } }
        for (_, line) in (makings + others).sorted(by: { $0.0 < $1.0 }) { show(line) }
    }

    /// Tells an event; before the first one of a new container its making.
    func tell(_ event: ContainerEvent, isFirst: Bool) throws {
        if isFirst, let record = try record(of: event), isWanted(record) {
            show(EventLine(makingOf: record))
        }
        if let line = try line(event) { show(line) }
    }

    private func isWanted(_ record: ContainerRecord) -> Bool {
        !record.isOneOff && (services.isEmpty || services.contains(record.service))
    }

    private func record(of event: ContainerEvent) throws -> ContainerRecord? {
        try containers.container(event.container, of: project)?.record
    }

    private func line(_ event: ContainerEvent) throws -> EventLine? {
        guard services.isEmpty || services.contains(event.service) else { return nil }
        let record = try record(of: event)
        return record?.isOneOff == true ? nil : EventLine(event, record)
    }

    private func show(_ line: EventLine) {
        Output.line(isJSON ? JSONText.line(line) : line.text)
    }
}

/// An event as docker compose tells it.
struct EventLine: Encodable {
    var action: String
    var attributes: [String: String]
    var id: String
    var service: String
    var time: String
    var type = "container"

    /// Nil for what docker has no word for.
    init?(_ event: ContainerEvent, _ record: ContainerRecord?) {
        var attributes = Self.attributes(record, name: event.name)
        switch event.kind {
        case .started: action = "start"
        case .died(let code, _):
            action = "die"
            attributes["exitCode"] = code.map(String.init) ?? "unknown"
        case .stopped: action = "stop"
        case .killed(let signal):
            action = "kill"
            attributes["signal"] = String(signal.rawValue)
        case .paused: action = "pause"
        case .resumed: action = "unpause"
        case .outOfMemory: action = "oom"
        case .health(let health): action = "health_status: \(health.rawValue)"
        case .removed: action = "destroy"
        case .execCreated(let id, let command):
            action = "exec_create: \(command)"
            attributes["execID"] = id
        case .execStarted(let id, let command):
            action = "exec_start: \(command)"
            attributes["execID"] = id
        case .execDied(let id, let code):
            action = "exec_die"
            attributes["execID"] = id
            attributes["exitCode"] = code.map(String.init) ?? "unknown"
        case .probed, .startFailed, .hookOutput: return nil
        }
        self.attributes = attributes
        id = event.container
        service = event.service
        time = event.time.description
    }

    /// The making of a container.
    init(makingOf record: ContainerRecord) {
        action = "create"
        attributes = Self.attributes(record, name: record.name)
        id = record.id
        service = record.service
        time = record.created.description
    }

    private static func attributes(_ record: ContainerRecord?, name: String) -> [String: String] {
        var attributes = (record?.labels ?? [:]).filter {
            !$0.key.hasPrefix("com.docker.compose.")
        }
        attributes["image"] = record?.image ?? ""
        attributes["name"] = name
        return attributes
    }

    var text: String {
        let list = attributes.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
        let moment = time.replacing("T", with: " ").prefix(26)
        return "\(moment) container \(action) \(id) (\(list.joined(separator: ", ")))"
    }
}
