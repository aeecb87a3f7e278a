public import OCI

/// `events`: the events of a project's containers, past ones first.
public struct EventFollow: Sendable {
    /// An event to show.
    public enum Entry: Sendable {
        case created(ContainerRecord)
        /// The record is nil once the container has been removed.
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

    /// No services stand for all of them.
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
        // No event reports a creation: it is shown with the container's first event.
        let records = try records()
        var known = Set(records.map(\.id))
        if let since {
            try past(since: since, records.filter { $0.created > since }).forEach(show)
        }
        let now = Timestamp.now
        if let until, until <= now { return }
        try await session.withSupervisor { client in
            let events = try await client.events()
            try await withThrowingTaskGroup { group in
                if let until {
                    group.addTask {
                        try await Task.sleep(for: until - now)
                        await client.close()
                    }
                }
                for await event in events {
                    if let until, event.time > until { break }
                    let isFirst = known.insert(event.container).inserted
                    try entries(for: event, isFirst: isFirst).forEach(show)
                }
                group.cancelAll()
            }
        }
    }

    private func past(since: Timestamp, _ created: [ContainerRecord]) throws -> [Entry] {
        let journal = EventJournal(session.paths.project(session.project))
        let events = try journal.read(since: since).flatMap { try entries(for: $0, isFirst: false) }
        return (created.map(Entry.created) + events).sorted { $0.time < $1.time }
    }

    private func entries(for event: ContainerEvent, isFirst: Bool) throws -> [Entry] {
        let record = try store.container(event.container, of: session.project)?.record
        var entries: [Entry] = []
        if isFirst, let record, isWanted(record) { entries.append(.created(record)) }
        let isSelected = services.isEmpty || services.contains(event.service)
        if isSelected, record?.isOneOff != true { entries.append(.event(event, record)) }
        return entries
    }

    private func records() throws -> [ContainerRecord] {
        try store.readableContainers(of: session.project).containers.map(\.record)
            .filter(isWanted)
    }

    private func isWanted(_ record: ContainerRecord) -> Bool {
        !record.isOneOff && (services.isEmpty || services.contains(record.service))
    }
}
