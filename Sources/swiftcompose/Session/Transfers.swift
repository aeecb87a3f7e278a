/// Transfers of several images side by side.
struct Transfers: Sendable {
    /// How one of them ended.
    struct Outcome<Success: Sendable>: Sendable {
        /// Its place among those that were asked for.
        var position: Int
        var result: Result<Success, any Error>

        var failure: (any Error)? {
            if case .failure(let error) = result { error } else { nil }
        }
    }

    /// So many images at once.
    var limit: Int

    /// Runs `transfer` for each item and tells the outcomes as they came.
    ///
    /// At the first failure of an item that is needed the others are cancelled, and those that
    /// have not begun have no outcome.
    func run<Item: Sendable, Success: Sendable>(
        _ items: [Item],
        isNeeded: (Item) -> Bool = { _ in false },
        _ transfer: @escaping @Sendable (Item) async throws -> Success
    ) async -> [Outcome<Success>] {
        await withTaskGroup(of: Outcome<Success>.self) { group in
            var outcomes: [Outcome<Success>] = []
            var waiting = items.enumerated().makeIterator()
            func begin() {
                guard !group.isCancelled, let (position, item) = waiting.next() else { return }
                group.addTask {
                    do {
                        return Outcome(
                            position: position,
                            result: .success(try await transfer(item))
                        )
                    } catch {
                        return Outcome(position: position, result: .failure(error))
                    }
                }
            }
            for _ in 0..<min(limit, items.count) { begin() }
            while let outcome = await group.next() {
                outcomes.append(outcome)
                if outcome.failure != nil, isNeeded(items[outcome.position]) { group.cancelAll() }
                begin()
            }
            return outcomes
        }
    }
}

extension [Transfers.Outcome<Void>] {
    /// The failure that comes first by what was asked for, not by time.
    var firstFailure: (any Error)? {
        filter { $0.failure != nil }.min { $0.position < $1.position }?.failure
    }
}
