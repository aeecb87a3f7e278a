import Synchronization

/// Records when the operations of a command begin and end.
public final class TimingRecorder: Sendable {
    private struct State {
        var spans: [StartTimings.Span] = []
        var parts = 0
    }

    private let start: ContinuousClock.Instant
    private let now: @Sendable () -> ContinuousClock.Instant
    private let state = Mutex(State())

    public init(now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }) {
        self.now = now
        start = now()
    }

    /// The operations recorded so far.
    public var timings: StartTimings { StartTimings(state.withLock(\.spans)) }

    /// Measures work that is a part of the command by itself.
    public func measuring<Value>(
        _ object: String,
        _ activity: String,
        _ work: () async throws -> Value
    ) async rethrows -> Value {
        let part = beginPart()
        return try await measuring(object, activity, in: part, number: 0, after: [], work)
    }

    /// The number of a new part, whose operations follow all earlier ones.
    func beginPart() -> Int {
        state.withLock { state in
            state.parts += 1
            return state.parts
        }
    }

    /// Measures `work`, also if it fails.
    func measuring<Value>(
        _ object: String,
        _ activity: String,
        in part: Int,
        number: Int,
        after: Set<Int>,
        _ work: () async throws -> Value
    ) async rethrows -> Value {
        let begin = now() - start
        defer {
            let span = StartTimings.Span(
                object: object,
                activity: activity,
                begin: begin,
                end: now() - start,
                part: part,
                number: number,
                after: after
            )
            state.withLock { $0.spans.append(span) }
        }
        return try await work()
    }
}

extension Plan.Action {
    /// The object and the activity, for the timings.
    var timedActivity: (object: String, activity: String) {
        switch self {
        case .createNetwork(let name): ("Network \(name)", "create")
        case .removeNetwork(let name): ("Network \(name)", "remove")
        case .createVolume(let name): ("Volume \(name)", "create")
        case .removeVolume(let name): ("Volume \(name)", "remove")
        case .createContainer(let new): ("Container \(new.container.name)", "create")
        case .initialize(let container, _, _): ("Container \(container.name)", "run")
        case .start(let container), .startStandby(let container):
            ("Container \(container.name)", "start")
        case .promote(let container, _): ("Container \(container.name)", "promote")
        case .monitor(let container, _): ("Container \(container.name)", "monitor")
        case .drain(let container): ("Container \(container.name)", "drain")
        case .roll(let rollout): ("Service \(rollout.service)", "update")
        case .stop(let container): ("Container \(container.name)", "stop")
        case .remove(let container): ("Container \(container.name)", "remove")
        case .keep(let container): ("Container \(container.name)", "keep")
        case .await(let container, .healthy, _):
            ("Container \(container.name)", "wait until healthy")
        case .await(let container, .completed, _):
            ("Container \(container.name)", "wait until completed")
        case .await(let container, .ready, _): ("Container \(container.name)", "wait until ready")
        }
    }
}
