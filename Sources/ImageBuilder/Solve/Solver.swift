import ImageStore
import Linux
import TaskGraph

/// Runs the steps of a graph, each as soon as its inputs are there.
struct Solver: Sendable {
    let executor: StepExecutor
    let cancellation: Cancellation
    let report: @Sendable (BuildEvent) -> Void
    /// How many steps run at once.
    let width: Int

    /// Executes `vertices`, of which each comes after its inputs, and returns the results by id.
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

    /// Runs one step on a thread of its own.
    private func run(_ vertex: Vertex, _ inputs: [StepResult]) async throws -> StepResult {
        let (executor, cancellation, report) = (executor, cancellation, report)
        report(.started(vertex.id, name: vertex.name))
        let start = ContinuousClock.now
        let outcome = try await withTaskCancellationHandler {
            try await BackgroundThread.run { () -> Result<StepExecutor.Outcome, BuildError> in
                Result { () throws(BuildError) in try executor.execute(vertex, inputs) }
            }
        } onCancel: {
            cancellation.cancel()
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
