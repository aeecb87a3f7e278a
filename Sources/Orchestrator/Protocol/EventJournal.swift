public import Linux
public import OCI
import SystemPackage

/// The events of a project on disk, for later subscribers.
public struct EventJournal: Sendable {
    private static let sizeLimit: Int64 = 1_048_576

    private let path: FilePath
    private var older: FilePath { FilePath("\(path.string).1") }

    public init(_ paths: ProjectPaths) { path = paths.data.appending("events") }

    /// The events later than `since`, or all that are kept, in order.
    public func read(since: Timestamp? = nil) throws(SystemCallError) -> [ContainerEvent] {
        var events: [ContainerEvent] = []
        for file in [older, path] where FileSystem.exists(file) {
            events += Self.events(in: try FileSystem.read(file)[...])
        }
        guard let since else { return events }
        return events.filter { $0.time > since }
    }

    /// The events that were moved away because the journal had grown too large.
    func readOlder() throws(SystemCallError) -> [ContainerEvent] {
        FileSystem.exists(older) ? Self.events(in: try FileSystem.read(older)[...]) : []
    }

    /// The journal's newest file, to be read from its start; nil if there are no events yet.
    func openIfPresent() throws(SystemCallError) -> Descriptor? {
        do throws(SystemCallError) {
            return try Descriptor.open(path)
        } catch {
            guard error.reason == .noSuchFileOrDirectory else { throw error }
            return nil
        }
    }

    /// The events in the text of a journal; a line torn by a power cut is skipped.
    static func events(in text: ArraySlice<UInt8>) -> [ContainerEvent] {
        text.split(separator: UInt8(ascii: "\n")).compactMap { line in
            try? JSONLine.decode(ContainerEvent.self, from: Array(line))
        }
    }

    /// Appends an event, except frequent ones (probes of a health check and output of hooks) and
    /// creations, whose time is in the container's record.
    public func append(_ event: ContainerEvent) throws {
        switch event.kind {
        case .created, .probed, .hookOutput: return
        default: break
        }
        let line = try JSONLine.encode(event)
        let file = try Descriptor.open(path, [.writing, .creating, .appending], mode: 0o600)
        let size = try file.status().size
        if size > Self.sizeLimit { try FileSystem.rename(path, to: older) }
        do throws(SystemCallError) {
            try file.write(line)
        } catch {
            // On a full disk a part of the line may have been written, which would spoil the next.
            try? file.truncate(to: size)
            throw error
        }
    }
}
