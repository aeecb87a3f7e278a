/// Replaces the running containers of a service, a few at a time, and returns to the old ones if
/// that fails and its policy asks for it.
struct RolloutRunner: Sendable {
    let rollout: Rollout
    let runner: PlanRunner

    /// An update that failed, with its reason.
    private struct Failure: Sendable {
        var container: String
        var reason: String
    }

    /// Throws once more containers have failed than the policy tolerates; each of them has been
    /// replaced by the container that it was to replace.
    func run() async throws {
        var updated: [Rollout.Step] = []
        var failures: [Failure] = []
        let policy = rollout.update
        for batch in rollout.steps.batches(of: policy.batch(of: rollout.steps.count)) {
            if !updated.isEmpty || !failures.isEmpty { try await Task.sleep(for: policy.delay) }
            for (step, failure) in try await update(batch) {
                if let failure { failures.append(failure) } else { updated.append(step) }
            }
            guard policy.isExceeded(failed: failures.count, of: rollout.steps.count),
                let failure = failures.last
            else { continue }
            switch policy.failureAction {
            case .continue: continue
            case .pause: break
            case .rollback: return try await rollBack(updated, after: failure)
            }
            try await complete(updated)
            throw error(failure, isRolledBack: false, updated: updated.count)
        }
        try await complete(updated)
        for failure in failures {
            runner.progress(
                ProgressEvent(
                    "Container \(failure.container)",
                    "Not updated",
                    .warning,
                    detail: failure.reason
                )
            )
        }
    }

    /// Updates containers concurrently.
    private func update(
        _ batch: [Rollout.Step]
    ) async throws -> [(step: Rollout.Step, failure: Failure?)] {
        try await withThrowingTaskGroup(of: (Rollout.Step, Failure?).self) { group in
            for step in batch {
                group.addTask { (step, try await update(step)) }
            }
            var results: [(step: Rollout.Step, failure: Failure?)] = []
            for try await result in group { results.append(result) }
            return results
        }
    }

    /// Updates one container; returns to the old one if that fails, and returns the reason.
    ///
    /// A cancelled update is left as it is: the next `up` removes the superfluous container.
    private func update(_ step: Rollout.Step) async throws -> Failure? {
        try await runner.run(step.creation)
        do {
            try await runner.run(step.update)
        } catch {
            try Task.checkCancellation()
            try await runner.run(step.reversion)
            return Failure(container: step.new.name, reason: "\(error)")
        }
        if rollout.update.failureAction != .rollback { try await runner.run(step.completion) }
        return nil
    }

    /// Removes the old containers that were kept for a rollback.
    private func complete(_ updated: [Rollout.Step]) async throws {
        guard rollout.update.failureAction == .rollback else { return }
        for step in updated { try await runner.run(step.completion) }
    }

    private func rollBack(_ updated: [Rollout.Step], after failure: Failure) async throws {
        let policy = rollout.rollback
        var isFirst = true
        for batch in updated.batches(of: policy.batch(of: updated.count)) {
            if !isFirst { try await Task.sleep(for: policy.delay) }
            isFirst = false
            try await withThrowingDiscardingTaskGroup { group in
                for step in batch {
                    group.addTask { try await runner.run(step.rollback) }
                }
            }
        }
        throw error(failure, isRolledBack: true, updated: 0)
    }

    private func error(
        _ failure: Failure,
        isRolledBack: Bool,
        updated: Int
    ) -> OrchestratorError {
        .updateFailed(
            rollout.service,
            container: failure.container,
            reason: failure.reason,
            isRolledBack ? .rolledBack : .paused(updated: updated, of: rollout.steps.count)
        )
    }
}

extension Array {
    /// The elements in groups of `size`; the last one may be smaller.
    fileprivate func batches(of size: Int) -> [[Element]] {
        stride(from: 0, to: count, by: Swift.max(1, size)).map { Array(self[$0...].prefix(size)) }
    }
}
