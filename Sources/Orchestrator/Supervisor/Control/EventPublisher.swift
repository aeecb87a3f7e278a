import Linux
import OCI

/// Adds times to the project's events, journals them and sends them to subscribers.
final class EventPublisher {
    private let journal: EventJournal
    /// The journal of all projects.
    private let hostJournal: HostEventJournal
    private var lastTime = Timestamp(seconds: 0)
    /// Receives each event after it has been journalled.
    var onEvent: (ContainerEvent) -> Void = { _ in }

    init(_ journal: EventJournal, _ hostJournal: HostEventJournal) {
        self.journal = journal
        self.hostJournal = hostJournal
    }

    /// Publishes an event; the container's state must already be on disk.
    func publish(_ kind: ContainerEvent.Kind, of record: ContainerRecord) {
        let event = publish(
            kind,
            container: record.id,
            name: record.name,
            service: record.service
        )
        if let event = HostEvent(event, of: record) { hostJournal.append(event) }
    }

    /// Publishes an event of a container that may have been removed; the command that reports it
    /// adds it to the journal of all projects.
    @discardableResult
    func publish(
        _ kind: ContainerEvent.Kind,
        container: String,
        name: String,
        service: String
    ) -> ContainerEvent {
        // Strictly increasing, so that a time alone says which events a subscriber has received.
        lastTime = max(.now, Timestamp(sinceEpoch: lastTime.sinceEpoch + 1))
        let event = ContainerEvent(
            container: container,
            name: name,
            service: service,
            time: lastTime,
            kind: kind
        )
        do {
            try journal.append(event)
        } catch {
            SupervisorLog.write("cannot journal events: \(error)")
        }
        onEvent(event)
        return event
    }

    /// The journalled events later than `time`.
    func events(since time: Timestamp) throws(SystemCallError) -> [ContainerEvent] {
        try journal.read(since: time)
    }
}
