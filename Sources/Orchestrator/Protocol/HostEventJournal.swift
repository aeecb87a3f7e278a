import Linux
public import OCI
public import SystemPackage

/// The events of all projects on disk, which every process that changes something appends to.
public struct HostEventJournal: Sendable {
    /// The directory of the journal's files, which exists once an event has been appended.
    public let directory: FilePath
    var file: JournalFile { JournalFile(path: directory.appending("events")) }

    public init(_ paths: DataPaths) { directory = paths.run.appending("journal") }

    /// Appends events; a journal that cannot be written, as on a full disk, must not fail the change
    /// that it records.
    public func append(_ events: HostEvent...) {
        do {
            try FileSystem.makeDirectories(directory, mode: 0o700)
            try file.append(events.flatMap { try JSONLine.encode($0) })
        } catch {
            // The change has been made all the same.
        }
    }

    /// The events that are kept, later than `since` if given, in the order of their times.
    public func read(since: Timestamp? = nil) throws -> [HostEvent] {
        var events = try file.read(HostEvent.self)
        if let since { events.removeAll { $0.time < since } }
        return events.sorted { $0.time < $1.time }
    }
}
