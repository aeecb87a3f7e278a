import Linux
import OCI
import SystemPackage

/// Reads the logs of several containers in chronological order.
///
/// It blocks its thread; `LogSession` does the same for asynchronous code.
public struct LogReader {
    private let merge: LogMerge
    private let options: LogOptions

    public init(_ sources: [LogSource], _ options: LogOptions = LogOptions()) {
        merge = LogMerge(sources, options)
        self.options = options
    }

    /// Delivers every line; calls `onPause` whenever there is none for now.
    ///
    /// Returns at the end of the logs, or when following at `until` at the earliest; rethrows the
    /// errors of the closures.
    public func run(
        onLine: (LogLine) throws -> Void,
        onPause: () throws -> Void = {}
    ) throws {
        guard options.follow else {
            _ = try merge.deliver(merge.cursors.indices, to: onLine)
            return try onPause()
        }
        let follower = try LogFollower(merge, options)
        while !merge.isFinished {
            try follower.catchUp(onLine: onLine, onPause: onPause)
            if try !follower.wait() { return }
        }
    }
}

/// Waits for changes of log files.
final class LogFollower {
    private let merge: LogMerge
    private let loop: EventLoop
    private let watcher: FileWatcher
    private let options: LogOptions
    private var owners: [FileWatcher.Watch: Int] = [:]
    /// The cursors that may have new lines.
    private var pending: Set<Int>
    private var isOver = false

    init(_ merge: LogMerge, _ options: LogOptions) throws(SystemCallError) {
        self.merge = merge
        self.options = options
        loop = try EventLoop()
        watcher = try FileWatcher()
        pending = Set(merge.cursors.indices)
        try loop.watch(watcher.descriptor.number) { [unowned self] _ in loop.stop() }
        if let until = options.until {
            loop.after(max(.zero, until - .now)) { [unowned self] in
                isOver = true
                loop.stop()
            }
        }
    }

    /// Makes `wait` return when `descriptor` is readable, too.
    func alsoWait(for descriptor: Int32) throws(SystemCallError) {
        try loop.watch(descriptor) { [unowned self] _ in loop.stop() }
    }

    /// Adds a container's log, which is read from its first line on.
    func add(_ source: LogSource) {
        pending.insert(merge.cursors.count)
        var options = options
        options.tail = nil
        merge.add(source, options)
    }

    /// Marks every log to be read again, whether or not it is known to have changed.
    func checkAll() { pending = Set(merge.cursors.indices) }

    /// Delivers everything written so far.
    func catchUp(
        onLine: (LogLine) throws -> Void,
        onPause: () throws -> Void
    ) throws {
        while !pending.isEmpty {
            let places = pending.sorted()
            pending = []
            for place in places { try watch(place) }
            if try merge.deliver(places, to: onLine) { try onPause() }
            // A file that was just opened may have grown before it was watched.
            pending.formUnion(places.filter { merge.cursors[$0].needsWatch })
        }
    }

    /// Waits for a change; returns false when reading is to end.
    func wait() throws -> Bool {
        if pending.isEmpty { try loop.run() }
        for watch in try watcher.changes() {
            if let watch {
                if let owner = owners[watch] { pending.insert(owner) }
            } else {
                checkAll()
            }
        }
        return !isOver
    }

    /// Watches the newest file of a log and the directory in which the next one is created.
    private func watch(_ place: Int) throws(SystemCallError) {
        guard merge.cursors[place].needsWatch else { return }
        let log = merge.cursors[place].source.log
        merge.cursors[place].needsWatch = false
        let directory = log.removingLastComponent()
        owners[try watcher.watch(directory, for: [.created, .movedHere])] = place
        do throws(SystemCallError) {
            owners[try watcher.watch(log, for: [.modified, .movedAway])] = place
        } catch {
            // There is no log yet; the directory's watch reports it.
            if error.reason != .noSuchFileOrDirectory { throw error }
        }
    }
}
