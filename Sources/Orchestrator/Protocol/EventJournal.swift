public import Linux
public import OCI
import SystemPackage

/// The events of a project on disk, for later subscribers.
public struct EventJournal: Sendable {
    private let file: JournalFile

    public init(_ paths: ProjectPaths) { file = JournalFile(path: paths.data.appending("events")) }

    /// The events later than `since`, or all that are kept, in order.
    public func read(since: Timestamp? = nil) throws(SystemCallError) -> [ContainerEvent] {
        let events = try file.read(ContainerEvent.self)
        guard let since else { return events }
        return events.filter { $0.time > since }
    }

    /// The events that were moved away because the journal had grown too large.
    func readOlder() throws(SystemCallError) -> [ContainerEvent] {
        guard FileSystem.exists(file.older) else { return [] }
        return JournalFile.values(ContainerEvent.self, in: try FileSystem.read(file.older))
    }

    /// The journal's newest file, to be read from its start; nil if there are no events yet.
    func openIfPresent() throws(SystemCallError) -> Descriptor? {
        do throws(SystemCallError) {
            return try Descriptor.open(file.path)
        } catch {
            guard error.reason == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }

    /// Appends an event, except frequent ones (probes of a health check and output of hooks) and
    /// creations, whose time is in the container's record.
    public func append(_ event: ContainerEvent) throws {
        switch event.kind {
        case .created, .probed, .hookOutput: return
        default: break
        }
        try file.append(JSONLine.encode(event))
    }
}
