import Linux
public import OCI
import SystemPackage

/// `system events`: the events of the containers of all projects, from their journals.
///
/// It starts no supervisor, so a container that exited while none was running is not reported. It
/// blocks its thread.
public final class HostEventFollow {
    private let paths: DataPaths
    private let loop: EventLoop
    private let watcher: FileWatcher
    private var tails: [String: JournalTail] = [:]
    /// The containers whose creation is in the past, or has been shown.
    private var known: Set<String> = []
    private let show: (EventFollow.Entry, _ project: String) throws -> Void

    /// `show` is called with each event.
    public init(
        _ paths: DataPaths,
        show: @escaping (EventFollow.Entry, _ project: String) throws -> Void
    ) throws {
        self.paths = paths
        self.show = show
        loop = try EventLoop()
        watcher = try FileWatcher()
    }

    /// Shows events since `since`, if given, in order, and then new ones until `until`, or without
    /// end.
    public func run(since: Timestamp?, until: Timestamp?) throws {
        try FileSystem.makeDirectories(paths.projects)
        _ = try watcher.watch(paths.projects, for: [.created, .movedHere, .entryRemoved])
        let now = Timestamp.now
        try begin(since: since, until: until)
        guard until.map({ $0 > now }) ?? true else { return }
        var isOver = false
        if let until {
            loop.after(until - now) { [loop] in
                isOver = true
                loop.stop()
            }
        }
        try loop.watch(watcher.descriptor.number) { [loop] _ in loop.stop() }
        while true {
            try follow(until: until)
            if isOver { return }
            try loop.run()
            _ = try watcher.changes()
        }
    }

    /// Opens every journal; shows the events since `since` and remembers the containers.
    private func begin(since: Timestamp?, until: Timestamp?) throws {
        var past: [(entry: EventFollow.Entry, project: String)] = []
        let store = ContainerStore(paths)
        for project in try store.projects() {
            let records = try store.readableContainers(of: project).containers.map(\.record)
            known.formUnion(records.map(\.id))
            let events = try open(project)?.newEvents() ?? []
            guard let since else { continue }
            past += records.filter { $0.created > since }.map { (.created($0), project) }
            let older = try EventJournal(paths.project(project)).readOlder()
            for event in older + events where event.time > since {
                past.append((try entry(event, project), project))
            }
        }
        for (entry, project) in past.sorted(by: { $0.entry.time < $1.entry.time })
        where until.map({ entry.time <= $0 }) ?? true {
            try show(entry, project)
        }
    }

    /// Shows what has been added to journals, including new ones, since the last call.
    private func follow(until: Timestamp?) throws {
        for project in try ContainerStore(paths).projects() where tails[project] == nil {
            _ = try open(project)
        }
        var new: [(event: ContainerEvent, project: String)] = []
        for (project, tail) in tails {
            new += try tail.newEvents().map { ($0, project) }
            if !FileSystem.exists(paths.project(project).data) { tails[project] = nil }
        }
        for (event, project) in new.sorted(by: { $0.event.time < $1.event.time })
        where until.map({ event.time <= $0 }) ?? true {
            let entry = try entry(event, project)
            if known.insert(event.container).inserted, case .event(_, let record?) = entry {
                try show(.created(record), project)
            }
            try show(entry, project)
        }
    }

    private func entry(_ event: ContainerEvent, _ project: String) throws -> EventFollow.Entry {
        let container = try ContainerStore(paths).container(event.container, of: project)
        return .event(event, container?.record)
    }

    /// Watches a project's directory, then opens its journal; nil if the project is gone.
    private func open(_ project: String) throws -> JournalTail? {
        let files = paths.project(project)
        do {
            _ = try watcher.watch(files.data, for: [.created, .movedHere, .modified])
        } catch let error where error.reason == .noSuchFileOrDirectory {
            return nil
        }
        let tail = JournalTail(EventJournal(files))
        tails[project] = tail
        return tail
    }
}

/// The part of a project's journal that has not been read yet.
///
/// The file stays open, so that the last events can be read although the project has been removed.
private final class JournalTail {
    private let journal: EventJournal
    private var file: Shared<Descriptor>?
    private var rest: [UInt8] = []

    init(_ journal: EventJournal) { self.journal = journal }

    /// The events written since the last call, also across a rotation.
    func newEvents() throws(SystemCallError) -> [ContainerEvent] {
        var events = try readOn()
        guard let next = try journal.openIfPresent() else { return events }
        if try file?.value.status().inode != next.status().inode {
            file = Shared(next)
            rest = []
            events += try readOn()
        }
        return events
    }

    private func readOn() throws(SystemCallError) -> [ContainerEvent] {
        guard let file else { return [] }
        while true {
            let bytes = try file.value.read(upTo: 65536)
            if bytes.isEmpty { break }
            rest += bytes
        }
        guard let end = rest.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
        defer { rest.removeFirst(end + 1) }
        return JournalFile.values(ContainerEvent.self, in: rest[..<end])
    }
}
