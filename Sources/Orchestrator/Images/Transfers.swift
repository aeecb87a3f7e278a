public import ImageStore
public import TaskGraph

/// Transfers of several images in parallel.
public struct Transfers: Sendable {
    public typealias Outcome<Success: Sendable> = TaskGraph.Outcome<Success>

    /// The number of images transferred at a time.
    public var limit: Int

    public init(limit: Int) { self.limit = limit }

    /// Runs `transfer` for each item and returns the outcomes in order of time; their nodes are
    /// positions in `items`.
    ///
    /// The first failure of a needed item cancels the others, and those that have not started
    /// have no outcome.
    public func run<Item: Sendable, Success: Sendable>(
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

    /// Pulls the ordered images with `fetch`; those that are not needed may be missing.
    public func pull(
        _ orders: [ImageOrder],
        _ fetch: @escaping @Sendable (ImageOrder) async throws -> Image
    ) async throws -> [ImageOrder: Image] {
        var images: [ImageOrder: Image] = [:]
        for outcome in await run(orders, isNeeded: \.isNeeded, fetch) {
            let order = orders[outcome.node]
            switch outcome.result {
            case .success(let image): images[order] = image
            case .failure(let error) where order.isNeeded:
                throw ImageOrderFailure(order, reason: "\(error)")
            case .failure: continue
            }
        }
        return images
    }
}

extension [TaskGraph.Outcome<Void>] {
    /// The failure of the item that was given first, whenever it occurred.
    public var firstFailure: (any Error)? {
        filter { $0.failure != nil }.min { $0.node < $1.node }?.failure
    }
}
