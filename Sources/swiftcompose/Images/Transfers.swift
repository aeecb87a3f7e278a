import TaskGraph

/// Transfers of several images in parallel.
struct Transfers: Sendable {
    typealias Outcome<Success: Sendable> = TaskGraph.Outcome<Success>

    /// The number of images transferred at a time.
    var limit: Int

    /// Runs `transfer` for each item and returns the outcomes in order of time; their nodes are
    /// positions in `items`.
    ///
    /// The first failure of a needed item cancels the others, and those that have not started
    /// have no outcome.
    func run<Item: Sendable, Success: Sendable>(
        _ items: [Item],
        isNeeded: (Item) -> Bool = { _ in false },
        _ transfer: @escaping @Sendable (Item) async throws -> Success
    ) async -> [Outcome<Success>] {
        await TaskGraph(independentNodes: items.count).outcomes(
            limit: limit,
            onFailure: { isNeeded(items[$0]) ? .cancelRunning : .runOthers },
            perform: { node, _ in try await transfer(items[node]) }
        )
    }
}

extension [TaskGraph.Outcome<Void>] {
    /// The failure of the item that was given first, whenever it occurred.
    var firstFailure: (any Error)? {
        filter { $0.failure != nil }.min { $0.node < $1.node }?.failure
    }
}
