import ImageStore
import Linux

/// Runs the steps of a graph, each as soon as its inputs are there.
struct Solver: Sendable {
    let executor: StepExecutor
    let cancellation: Cancellation
    let report: @Sendable (BuildEvent) -> Void
    /// How many steps run at once.
    let width: Int

    /// The results of all `vertices`, inputs first, by id.
    func solve(_ vertices: [Vertex]) async throws(BuildError) -> [Int: StepResult] {
        let cancellation = cancellation
        do {
            return try await withTaskCancellationHandler {
                try await withThrowingTaskGroup(of: (Int, StepResult).self) { group in
                    do {
                        return try await drive(vertices, &group)
                    } catch {
                        // The threads of other steps see it and end; the group waits for them.
                        cancellation.cancel()
                        group.cancelAll()
                        throw error
                    }
                }
            } onCancel: {
                cancellation.cancel()
            }
        } catch let error as BuildError {
            throw error
        } catch {
            throw BuildError(.cancelled)
        }
    }

    private func drive(
        _ vertices: [Vertex],
        _ group: inout ThrowingTaskGroup<(Int, StepResult), any Error>
    ) async throws -> [Int: StepResult] {
        var results: [Int: StepResult] = [:]
        var waiting = vertices
        var running = 0
        while results.count < vertices.count {
            var index = 0
            while index < waiting.count, running < width {
                let vertex = waiting[index]
                guard vertex.inputs.allSatisfy({ results[$0.id] != nil }) else {
                    index += 1
                    continue
                }
                waiting.remove(at: index)
                running += 1
                let inputs = vertex.inputs.compactMap { results[$0.id] }
                group.addTask { (vertex.id, try await run(vertex, inputs)) }
            }
            guard let (id, result) = try await group.next() else { break }
            results[id] = result
            running -= 1
        }
        return results
    }

    /// Runs one step on a thread of its own.
    private func run(_ vertex: Vertex, _ inputs: [StepResult]) async throws -> StepResult {
        let (executor, report) = (executor, report)
        report(.started(vertex.id, name: vertex.name))
        let start = ContinuousClock.now
        let outcome = try await BackgroundThread.run {
            () -> Result<StepExecutor.Outcome, BuildError> in
            do throws(BuildError) {
                return .success(try executor.execute(vertex, inputs))
            } catch {
                return .failure(error)
            }
        }
        switch outcome {
        case .success(.cached(let result)):
            report(.cached(vertex.id))
            return result
        case .success(.made(let result)):
            report(.done(vertex.id, after: ContinuousClock.now - start))
            return result
        case .failure(let error):
            if case .cancelled = error.problem {
                report(.failed(vertex.id, reason: "CANCELED"))
                throw error
            }
            report(.failed(vertex.id, reason: error.reason))
            throw error.of(vertex)
        }
    }
}

extension BuildError {
    /// The same fault with its step's name and lines.
    fileprivate func of(_ vertex: Vertex) -> BuildError {
        var error = vertex.origin.map { located(at: $0) } ?? self
        error.step = vertex.name
        return error
    }
}
