public import Linux
import Synchronization

/// Reads logs on a thread of its own, for asynchronous code.
public final class LogSession: Sendable {
    private struct State {
        var added: [LogSource] = []
        var waiting: [CheckedContinuation<Void, Never>] = []
        var ending: [CheckedContinuation<Void, Never>] = []
        var isStopped = false
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let wakeUp: WakeUp
    private let options: LogOptions

    /// Starts at once. Both closures are called on the session's thread, one at a time, and end the
    /// session by returning false; `onPause` is called when no further line is available yet.
    public init(
        _ sources: [LogSource],
        _ options: LogOptions,
        onLine: @escaping @Sendable (LogLine) -> Bool,
        onPause: @escaping @Sendable () -> Bool
    ) throws(SystemCallError) {
        wakeUp = try WakeUp()
        self.options = options
        try BackgroundThread.start { [self] in
            do {
                try read(sources, onLine, onPause)
            } catch {
                // A closure ended the session, or the log was removed with its container.
            }
            end()
        }
    }

    /// Follows another container, which gets the next index.
    public func add(_ source: LogSource) {
        state.withLock { $0.added.append(source) }
        wakeUp.signal()
    }

    /// Waits until everything written so far has been delivered.
    public func settle() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.hasEnded { state.waiting.append(continuation) }
                return state.hasEnded
            }
            if isOver { continuation.resume() } else { wakeUp.signal() }
        }
    }

    /// Ends the session; lines not delivered yet are dropped.
    public func stop() {
        state.withLock { $0.isStopped = true }
        wakeUp.signal()
    }

    /// Waits for the end of the logs, or for `stop`.
    public func ended() async {
        await withCheckedContinuation { continuation in
            let isOver = state.withLock { state in
                if !state.hasEnded { state.ending.append(continuation) }
                return state.hasEnded
            }
            if isOver { continuation.resume() }
        }
    }

    private func read(
        _ sources: [LogSource],
        _ onLine: (LogLine) -> Bool,
        _ onPause: () -> Bool
    ) throws {
        let line: (LogLine) throws -> Void = { [self] in
            if !onLine($0) || isStopped { throw Stop() }
        }
        let pause: () throws -> Void = { if !onPause() { throw Stop() } }
        guard options.follow else {
            return try LogReader(sources, options).run(onLine: line, onPause: pause)
        }
        let merge = LogMerge(sources, options)
        let follower = try LogFollower(merge, options)
        try follower.alsoWait(for: wakeUp.descriptor.number)
        while !isStopped {
            let waiting = takeRequests(follower)
            do {
                try follower.catchUp(onLine: line, onPause: pause)
            } catch {
                for continuation in waiting { continuation.resume() }
                throw error
            }
            for continuation in waiting { continuation.resume() }
            if try !follower.wait() { return }
        }
    }

    private var isStopped: Bool { state.withLock { $0.isStopped } }

    private func takeRequests(_ follower: LogFollower) -> [CheckedContinuation<Void, Never>] {
        wakeUp.clear()
        let (added, waiting) = state.withLock { state in
            defer { (state.added, state.waiting) = ([], []) }
            return (state.added, state.waiting)
        }
        for source in added { follower.add(source) }
        if !waiting.isEmpty { follower.checkAll() }
        return waiting
    }

    private func end() {
        let left = state.withLock { state in
            state.hasEnded = true
            defer { (state.waiting, state.ending) = ([], []) }
            return state.waiting + state.ending
        }
        for continuation in left { continuation.resume() }
    }

    private struct Stop: Error {}
}
