import Linux
import Synchronization
public import SystemPackage

/// The paths that change, in batches, for whoever has the time to look at them.
///
/// Source: a thread of its own, which ends with `stop`.
public final class ChangeFeed: Sendable {
    private struct State {
        var paths: Set<FilePath> = []
        var failure: SystemCallError?
    }

    private let state = Mutex(State())
    private let (news, teller) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    private let wakeUp: WakeUp

    private init() throws(SystemCallError) { wakeUp = try WakeUp() }

    /// Returns once everything that `rules` are about is watched, with what must be copied first.
    public static func start(_ rules: WatchRules) async throws -> (ChangeFeed, WatchBatch) {
        let feed = try ChangeFeed()
        do {
            let first = try await withCheckedThrowingContinuation { continuation in
                do throws(SystemCallError) {
                    try BackgroundThread.start {
                        feed.watch(rules) { continuation.resume(with: $0) }
                    }
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            return (feed, first)
        } catch let error as SystemCallError where error.isLackOfWatches {
            throw OrchestratorError.tooFewWatches(error.subject)
        }
    }

    /// The paths that changed since the last call, once there are some; nil when it was stopped.
    public func next() async throws -> Set<FilePath>? {
        for await _ in news {
            let paths = try state.withLock { state in
                if let failure = state.failure { throw failure }
                defer { state.paths = [] }
                return state.paths
            }
            if !paths.isEmpty { return paths }
        }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return nil
    }

    /// Watches nothing any more.
    public func stop() { wakeUp.signal() }

    private func watch(
        _ rules: WatchRules,
        _ begun: (Result<WatchBatch, any Error>) -> Void
    ) {
        let watcher: TreeWatcher
        do {
            watcher = try TreeWatcher(rules.roots, skipping: rules.skip)
        } catch {
            return begun(.failure(error))
        }
        let first = rules.copyFirst ? rules.initialBatch(of: watcher.present) : WatchBatch()
        begun(.success(first))
        do {
            try gather(watcher, rules)
        } catch {
            state.withLock { $0.failure = error }
        }
        teller.finish()
    }

    private func gather(_ watcher: TreeWatcher, _ rules: WatchRules) throws(SystemCallError) {
        let clock = ContinuousClock()
        var debouncer = Debouncer()
        while true {
            let timeout = debouncer.deadline.map { max(.zero, $0 - clock.now) }
            let ready = try Readiness.wait(
                for: [watcher.descriptor, wakeUp.descriptor.number],
                timeout: timeout
            )
            if ready.contains(1) { return }
            debouncer.add(try watcher.changes().filter(rules.concern), at: clock.now)
            guard let batch = debouncer.take(at: clock.now) else { continue }
            state.withLock { $0.paths.formUnion(batch) }
            teller.yield()
        }
    }
}

extension SystemCallError {
    /// Source: inotify_add_watch(2), `ENOSPC`; inotify_init(2), `EMFILE`.
    fileprivate var isLackOfWatches: Bool {
        call == "inotify_add_watch" && reason == .noSpace
            || call == "inotify_init1" && reason == .tooManyOpenFiles
    }
}
