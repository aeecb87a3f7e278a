public import Linux
import SystemPackage

/// Follows the journal of this host's events, on a thread of its own.
public final class HostJournalFollow: Sendable {
    /// The events from the start of the following on; ends with `stop`.
    public let events: AsyncStream<HostEvent>
    private let wakeUp: WakeUp

    /// Begins at the present end of the journal.
    public init(_ journal: HostEventJournal) throws(SystemCallError) {
        wakeUp = try WakeUp()
        let (stream, continuation) = AsyncStream<HostEvent>.makeStream()
        events = stream
        try FileSystem.makeDirectories(journal.directory, mode: 0o700)
        let start = try JournalPosition(endOf: journal)
        try BackgroundThread.start { [self] in
            do {
                let watcher = try FileWatcher()
                _ = try watcher.watch(journal.directory, for: [.modified, .created, .movedHere])
                var position = start
                repeat {
                    _ = try watcher.changes()
                    for event in try position.advance(in: journal) { continuation.yield(event) }
                    let ready = [watcher.descriptor.number, wakeUp.descriptor.number]
                    if try Readiness.wait(for: ready).contains(1) { break }
                } while true
            } catch {
                // The journal has been removed with its directory.
            }
            continuation.finish()
        }
    }

    public func stop() { wakeUp.signal() }
}

/// A position in the journal.
private struct JournalPosition {
    private var inode: UInt64
    private var offset: Int64
    private var buffer = LineBuffer()

    init(endOf journal: HostEventJournal) throws(SystemCallError) {
        let path = journal.file.path
        let file = FileSystem.exists(path) ? try FileSystem.status(of: path) : nil
        (inode, offset) = (file?.inode ?? 0, file?.size ?? 0)
    }

    /// The events after this position, which moves to the end.
    mutating func advance(in journal: HostEventJournal) throws(SystemCallError) -> [HostEvent] {
        guard FileSystem.exists(journal.file.path) else { return [] }
        var events: [HostEvent] = []
        let file = try Descriptor.open(journal.file.path)
        let status = try file.status()
        if status.inode != inode {
            if inode != 0, FileSystem.exists(journal.file.older) {
                let older = try Descriptor.open(journal.file.older)
                if try older.status().inode == inode { events += try read(older) }
            }
            (inode, offset) = (status.inode, 0)
        }
        return events + (try read(file))
    }

    private mutating func read(
        _ file: borrowing Descriptor
    ) throws(SystemCallError) -> [HostEvent] {
        let size = try file.status().size
        guard size > offset else { return [] }
        let bytes = try file.read(all: offset..<size)
        offset += Int64(bytes.count)
        return buffer.add(bytes).flatMap { JournalFile.values(HostEvent.self, in: $0) }
    }
}
