public import OCI

/// `events`: the events of a project's containers, past ones first.
public struct EventFollow: Sendable {
    /// An event to show.
    public enum Entry: Sendable {
        case created(ContainerRecord)
        /// The record is nil for a container that was removed before it was known.
        case event(ContainerEvent, ContainerRecord?)

        public var time: Timestamp {
            switch self {
            case .created(let record): record.created
            case .event(let event, _): event.time
            }
        }
    }

    private let session: ProjectSession
    private let services: [String]
    private var store: ContainerStore { ContainerStore(session.paths) }

    /// An empty list selects all services.
    public init(_ session: ProjectSession, services: [String]) {
        self.session = session
        self.services = services
    }

    /// Shows events since `since`, if given, and then new ones until `until`, or without end.
    public func run(
        since: Timestamp?,
        until: Timestamp?,
        show: @Sendable (Entry) -> Void
    ) async throws {
        let now = Timestamp.now
        // A creation that a supervisor did not see is shown with the container's first event.
        let records = try records()
        // Records outlive their containers here, for the event of the removal.
        var known = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) })
        if let since {
            let created = records.filter { $0.created > since && isWanted($0) }
            try past(from: since, to: min(until ?? now, now), created).forEach(show)
        }
        if let until, until <= now { return }
        try await session.withSupervisor { client in
            // Those since the journal was read, too.
            let events = try await client.events(since: now)
            try await withThrowingTaskGroup { group in
                if let until {
                    group.addTask {
                        try await Task.sleep(for: until - now)
                        await client.close()
                    }
                }
                for await event in events {
                    if let until, event.time > until { break }
                    try entries(for: event, &known).forEach(show)
                }
                group.cancelAll()
            }
        }
    }

    private func past(
        from since: Timestamp,
        to end: Timestamp,
        _ created: [ContainerRecord]
    ) throws -> [Entry] {
        let journal = EventJournal(session.paths.project(session.project))
        var known = Dictionary(uniqueKeysWithValues: created.map { ($0.id, $0) })
        let events = try journal.read(since: since).filter { $0.time <= end }.flatMap { event in
            try entries(for: event, &known, showsCreation: false)
        }
        return (created.map(Entry.created) + events).sorted { $0.time < $1.time }
    }

    /// The entries of an event, and of an unreported creation before it.
    private func entries(
        for event: ContainerEvent,
        _ known: inout [String: ContainerRecord],
        showsCreation: Bool = true
    ) throws -> [Entry] {
        let earlier = known[event.container]
        let record = try store.container(event.container, of: session.project)?.record ?? earlier
        known[event.container] = record
        var entries: [Entry] = []
        if showsCreation, earlier == nil, event.kind != .created, let record, isWanted(record) {
            entries.append(.created(record))
        }
        let isSelected = services.isEmpty || services.contains(event.service)
        if isSelected, record?.isOneOff != true { entries.append(.event(event, record)) }
        return entries
    }

    private func records() throws -> [ContainerRecord] {
        try store.readableContainers(of: session.project).containers.map(\.record)
    }

    private func isWanted(_ record: ContainerRecord) -> Bool {
        !record.isOneOff && (services.isEmpty || services.contains(record.service))
    }
}
