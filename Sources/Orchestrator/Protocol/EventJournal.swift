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
            for line in try FileSystem.read(file).split(separator: UInt8(ascii: "\n")) {
                // A line torn by a power cut is skipped.
                guard let event = try? JSONLine.decode(ContainerEvent.self, from: Array(line))
                else { continue }
                if since.map({ event.time > $0 }) ?? true { events.append(event) }
            }
        }
        return events
    }

    /// Appends an event, except frequent ones: probes of a health check and output of hooks.
    public func append(_ event: ContainerEvent) throws {
        switch event.kind {
        case .probed, .hookOutput: return
        default: break
        }
        let line = try JSONLine.encode(event)
        let file = try Descriptor.open(path, [.writing, .creating, .appending], mode: 0o600)
        if try file.status().size > Self.sizeLimit { try FileSystem.rename(path, to: older) }
        try file.write(line)
    }
}
