import Orchestrator
import Synchronization

/// The clients that watch a container's output, for which a container that removes itself is kept
/// until they have read everything.
///
/// A supervisor keeps such a container as long as the connection that started it is open. If this
/// process is killed, the supervisor removes the container.
final class StartHolds: Sendable {
    private struct State {
        var readers: [String: Int] = [:]
        var waiting: [String: [CheckedContinuation<Void, Never>]] = [:]
    }

    private let state = Mutex(State())

    /// Runs `body`, which reads the output of a container.
    func reading<Result>(_ id: String, _ body: () async throws -> Result) async rethrows -> Result {
        state.withLock { $0.readers[id, default: 0] += 1 }
        defer { release(id) }
        return try await body()
    }

    /// Returns once nothing reads the container's output.
    func untilRead(_ id: String) async {
        await withCheckedContinuation { continuation in
            let isRead = state.withLock { state in
                if state.readers[id] != nil {
                    state.waiting[id, default: []].append(continuation)
                    return false
                }
                return true
            }
            if isRead { continuation.resume() }
        }
    }

    private func release(_ id: String) {
        let waiting = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            let left = (state.readers[id] ?? 1) - 1
            guard left == 0 else {
                state.readers[id] = left
                return []
            }
            state.readers[id] = nil
            return state.waiting.removeValue(forKey: id) ?? []
        }
        for continuation in waiting { continuation.resume() }
    }
}
