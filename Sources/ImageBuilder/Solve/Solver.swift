import ImageStore
import Linux
import TaskGraph

/// Executes the steps of a graph, each once its inputs are available.
struct Solver: Sendable {
    let executor: StepExecutor
    let cancellation: Cancellation
    let report: BuildProgress
    /// The number of steps that run at a time.
    let width: Int

    /// Executes `vertices`, which include all their inputs, and returns the results by id.
    ///
    /// The first error cancels all other steps.
    func solve(_ vertices: [Vertex]) async throws(BuildError) -> [Int: StepResult] {
        let ids = vertices.map(\.id)
        let nodes = Dictionary(uniqueKeysWithValues: zip(ids, vertices.indices))
        let graph = TaskGraph(
            dependencies: vertices.map { $0.inputs.compactMap { nodes[$0.id] } }
        )
        do {
            let results = try await graph.run(limit: width, onFailure: .cancelRunning) {
                node,
                inputs in
                try await run(vertices[node], inputs)
            }
            return Dictionary(uniqueKeysWithValues: zip(ids, results))
        } catch let error as BuildError {
            throw error
        } catch {
            throw BuildError(.cancelled)
        }
    }

    /// Executes one step on a thread of its own.
    private func run(_ vertex: Vertex, _ inputs: [StepResult]) async throws -> StepResult {
        let (executor, cancellation) = (executor, cancellation)
        let id = BuildEvent.StepID.step(vertex.id)
        report(.started(id, name: vertex.name))
        let start = ContinuousClock.now
        do {
            let outcome = try await withTaskCancellationHandler {
                try await onThread { () throws(BuildError) in
                    try executor.execute(vertex, inputs)
                }
            } onCancel: {
                cancellation.cancel()
            }
            switch outcome {
            case .cached(let result):
                report(.cached(id))
                return result
            case .made(let result):
                report(.done(id, after: ContinuousClock.now - start))
                return result
            }
        } catch let error as BuildError {
            if case .cancelled = error.problem {
                report(.failed(id, reason: "CANCELED"))
                throw error
            }
            report(.failed(id, reason: error.reason))
            throw error.of(vertex)
        }
    }
}

extension BuildError {
    /// The same error with the name and lines of its step.
    fileprivate func of(_ vertex: Vertex) -> BuildError {
        var error = vertex.origin.map { located(at: $0) } ?? self
        error.step = vertex.name
        return error
    }
}
