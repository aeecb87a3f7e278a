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
        Output.line(isJSON ? JSONText.line(line) : line.text.escapedForTerminal())
    }
}
