import Linux
import OCI
import SystemPackage

/// Reads the logs of several containers as one, in the order of time.
///
/// It blocks its thread; `LogSession` does the same for asynchronous code.
public struct LogReader {
    private let merge: LogMerge
    private let options: LogOptions

    public init(_ sources: [LogSource], _ options: LogOptions = LogOptions()) {
        merge = LogMerge(sources, options)
        self.options = options
    }

    /// Hands over every line; `onPause` is called whenever there is none for now.
    ///
    /// Ends at the end of the logs, or when one of the closures throws; when it follows, at
    /// `until` at the earliest.
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
    /// Cursors that may have something new.
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

    /// Wakes the waiting as well when `descriptor` is readable.
    func alsoWait(for descriptor: Int32) throws(SystemCallError) {
        try loop.watch(descriptor) { [unowned self] _ in loop.stop() }
    }

    /// A container that comes later is shown from its first line on.
    func add(_ source: LogSource) {
        pending.insert(merge.cursors.count)
        var options = options
        options.tail = nil
        merge.add(source, options)
    }

    /// Looks into every log again, whether it is known to have changed or not.
    func checkAll() { pending = Set(merge.cursors.indices) }

    /// Hands over everything written up to now.
    func catchUp(
        onLine: (LogLine) throws -> Void,
        onPause: () throws -> Void
    ) throws {
        while !pending.isEmpty {
            let places = pending.sorted()
            pending = []
            for place in places { try watch(place) }
            if try merge.deliver(places, to: onLine) { try onPause() }
            // A file opened just now may have grown before anyone watched it.
            pending.formUnion(places.filter { merge.cursors[$0].needsWatch })
        }
    }

    /// Waits until something changes; false when the time has come to end.
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

    /// Watches the newest file of a log and the directory where the next one will be made.
    private func watch(_ place: Int) throws(SystemCallError) {
        guard merge.cursors[place].needsWatch else { return }
        let log = merge.cursors[place].source.log
        merge.cursors[place].needsWatch = false
        let directory = log.removingLastComponent()
        owners[try watcher.watch(directory, for: [.created, .movedHere])] = place
        do throws(SystemCallError) {
            owners[try watcher.watch(log, for: [.modified, .movedAway])] = place
        } catch {
            // No log yet: the directory will tell.
            if error.reason != .noSuchFileOrDirectory { throw error }
        }
    }
}
