import Synchronization

/// The progress of work that is worth a line of its own only once it takes longer than a moment.
final class ProgressMeter: Sendable {
    private struct State {
        var current: Int64 = 0
        var nextReport: ContinuousClock.Instant
        var hasReported = false
    }

    private let object: String
    private let doing: String
    private let done: String
    private let total: Int64
    private let progress: ProgressSink
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state: Mutex<State>

    /// `total` is the amount of all work in bytes; 0 if it is unknown.
    init(
        _ object: String,
        _ doing: String,
        _ done: String,
        total: Int64 = 0,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        progress: @escaping ProgressSink
    ) {
        (self.object, self.doing, self.done) = (object, doing, done)
        self.total = total
        self.now = now
        self.progress = progress
        state = Mutex(State(nextReport: now() + .milliseconds(500)))
    }

    /// Adds `bytes` that are done; reports them at most ten times a second.
    func advance(by bytes: Int64) {
        let time = now()
        let current: Int64? = state.withLock { state in
            state.current += bytes
            guard time >= state.nextReport else { return nil }
            state.nextReport = time + .milliseconds(100)
            state.hasReported = true
            return state.current
        }
        guard let current else { return }
        let amount = ProgressEvent.Amount(current, of: total)
        progress(ProgressEvent(object, doing, .working, amount: amount))
    }

    /// Reports the end, if the work took long enough to be reported at all.
    func finish() {
        guard state.withLock(\.hasReported) else { return }
        progress(ProgressEvent(object, done, .done))
    }
}
