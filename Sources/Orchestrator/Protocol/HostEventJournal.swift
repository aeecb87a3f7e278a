import Linux
public import OCI
public import SystemPackage

/// The events of all projects on disk, which every process that changes something appends to.
public struct HostEventJournal: Sendable {
    private static let sizeLimit: Int64 = 1_048_576

    /// The directory of the journal's files, which exists once an event has been appended.
    public let directory: FilePath
    /// The file that events are appended to; a full one is renamed to `events.1`.
    var path: FilePath { directory.appending("events") }
    var older: FilePath { directory.appending("events.1") }

    public init(_ paths: DataPaths) { directory = paths.run.appending("journal") }

    /// Appends events; a journal that cannot be written, as on a full disk, must not fail the change
    /// that it records.
    public func append(_ events: HostEvent...) {
        do {
            try FileSystem.makeDirectories(directory, mode: 0o700)
            let lines = try events.flatMap { try JSONLine.encode($0) }
            let file = try Descriptor.open(path, [.writing, .creating, .appending], mode: 0o600)
            if try file.status().size > Self.sizeLimit { try FileSystem.rename(path, to: older) }
            try file.write(lines)
        } catch {
            // The change has been made all the same.
        }
    }

    /// The events that are kept, later than `since` if given, in the order of their times.
    public func read(since: Timestamp? = nil) throws -> [HostEvent] {
        var events: [HostEvent] = []
        for file in [older, path] where FileSystem.exists(file) {
            events += Self.events(in: try FileSystem.read(file))
        }
        if let since { events.removeAll { $0.time < since } }
        return events.sorted { $0.time < $1.time }
    }

    static func events(in bytes: some Collection<UInt8>) -> [HostEvent] {
        bytes.split(separator: UInt8(ascii: "\n")).compactMap { line in
            // A line torn by a power cut is skipped.
            try? JSONLine.decode(HostEvent.self, from: Array(line))
        }
    }
}
