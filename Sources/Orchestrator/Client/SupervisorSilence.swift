import Synchronization

/// The times at which the supervisor does not answer, as the tasks of a command see them.
public final class SupervisorSilence: Sendable {
    private struct State {
        var hasBegun = false
        var waiting: [AsyncStream<Never>.Continuation] = []
    }

    private let state = Mutex(State())

    public init() {}

    /// Notes that it has not answered for two seconds; returns false if that is known.
    func begin() -> Bool {
        let (isNew, waiting) = state.withLock { state in
            defer { (state.hasBegun, state.waiting) = (true, []) }
            return (!state.hasBegun, state.waiting)
        }
        for continuation in waiting { continuation.finish() }
        return isNew
    }

    /// Notes that it has answered.
    func end() { state.withLock { $0.hasBegun = false } }

    var hasBegun: Bool { state.withLock { $0.hasBegun } }

    /// Waits for the beginning; false when the waiting task is cancelled first.
    func begun() async -> Bool {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        let hasBegun = state.withLock { state in
            if !state.hasBegun { state.waiting.append(continuation) }
            return state.hasBegun
        }
        if hasBegun { return true }
        for await _ in stream {}
        return !Task.isCancelled
    }
}
