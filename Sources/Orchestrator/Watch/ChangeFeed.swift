import Linux
import Synchronization
public import SystemPackage

/// Batches of changed paths, collected by a background thread until `stop`.
public final class ChangeFeed: Sendable {
    private struct State {
        var paths: Set<FilePath> = []
        var failure: SystemCallError?
    }

    private let state = Mutex(State())
    private let (batches, continuation) = AsyncStream<Void>.makeStream(
        bufferingPolicy: .bufferingNewest(1)
    )
    private let wakeUp: WakeUp

    private init() throws(SystemCallError) { wakeUp = try WakeUp() }

    /// Returns once every path of `rules` is watched, with the batch of the initial sync.
    public static func start(_ rules: WatchRules) async throws -> (ChangeFeed, WatchBatch) {
        let feed = try ChangeFeed()
        do {
            let first = try await withCheckedThrowingContinuation { started in
                do throws(SystemCallError) {
                    try BackgroundThread.start {
                        feed.watch(rules) { started.resume(with: $0) }
                    }
                } catch {
                    started.resume(throwing: error)
                }
            }
            return (feed, first)
        } catch let error as SystemCallError where error.isWatchLimit {
            throw OrchestratorError.tooFewWatches(error.subject)
        }
    }

    /// Waits for the paths that have changed since the last call; nil after `stop`.
    public func next() async throws -> Set<FilePath>? {
        for await _ in batches {
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

    /// Ends watching.
    public func stop() { wakeUp.signal() }

    private func watch(
        _ rules: WatchRules,
        _ started: (Result<WatchBatch, any Error>) -> Void
    ) {
        let watcher: TreeWatcher
        do {
            watcher = try TreeWatcher(rules.roots, skipping: rules.skips)
        } catch {
            return started(.failure(error))
        }
        let first = rules.hasInitialSync ? rules.initialBatch(of: watcher.present) : WatchBatch()
        started(.success(first))
        do {
            try gather(watcher, rules)
        } catch {
            state.withLock { $0.failure = error }
        }
        continuation.finish()
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
            debouncer.add(try watcher.changes().filter(rules.includes), at: clock.now)
            guard let batch = debouncer.take(at: clock.now) else { continue }
            state.withLock { $0.paths.formUnion(batch) }
            continuation.yield()
        }
    }
}

extension SystemCallError {
    /// Source: inotify_add_watch(2), `ENOSPC`; inotify_init(2), `EMFILE`.
    fileprivate var isWatchLimit: Bool {
        call == "inotify_add_watch" && reason == .noSpace
            || call == "inotify_init1" && reason == .tooManyOpenFiles
    }
}
