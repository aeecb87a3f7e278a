import TaskGraph

/// Executes a plan with all the concurrency that its edges allow.
public enum Executor {
    /// Performs each operation once those it waits for have succeeded, at most `limit` at a time.
    ///
    /// After a failure no operation starts. Throws the first error once the running ones have
    /// finished.
    public static func run(
        _ plan: Plan,
        limit: Int = .max,
        perform: @escaping @Sendable (Plan.Operation) async throws -> Void
    ) async throws {
        let operations = plan.operations
        let graph = TaskGraph(dependencies: operations.map { Array($0.after) })
        _ = try await graph.run(limit: limit, onFailure: .finishRunning) {
            (node, _: [Void]) in
            try await perform(operations[node])
        }
    }
}
