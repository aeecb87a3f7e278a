import Synchronization
import TaskGraph
import Testing

@testable import Orchestrator

struct TransfersTests {
    private struct Broken: Error, Equatable {
        var item: Int
    }

    @Test(arguments: [1, 3, 100])
    func `no more transfers than the limit run at a time`(limit: Int) async {
        let running = Mutex(0)
        let most = Mutex(0)
        let outcomes = await Transfers(limit: limit).run(Array(0..<20)) { item in
            let now = running.withLock { count in
                count += 1
                return count
            }
            most.withLock { $0 = max($0, now) }
            await Task.yield()
            running.withLock { $0 -= 1 }
            return item * 2
        }
        #expect(most.withLock(\.self) <= limit)
        let results = outcomes.sorted { $0.node < $1.node }.map { try? $0.result.get() }
        #expect(results == (0..<20).map { $0 * 2 })
    }

    @Test func `a failure does not stop other transfers, and that of the first item is returned`()
        async
    {
        let outcomes = await Transfers(limit: 2).run(Array(0..<6)) { item in
            if item == 1 || item == 4 { throw Broken(item: item) }
        }
        #expect(outcomes.count == 6)
        #expect(outcomes.firstFailure as? Broken == Broken(item: 1))
    }

    @Test func `the failure of a needed item cancels running transfers and starts no others`() async
    {
        let never = AsyncStream<Void> { _ in }
        let isNeeded = { $0 == 1 }
        let outcomes = await Transfers(limit: 2).run([0, 1, 2], isNeeded: isNeeded) { item in
            if item == 1 { throw Broken(item: item) }
            // Ends when it is cancelled.
            for await _ in never {}
            try Task.checkCancellation()
        }
        #expect(outcomes.map(\.node) == [1, 0])
        #expect(outcomes.first?.failure as? Broken == Broken(item: 1))
        #expect(outcomes.last?.failure is CancellationError)
    }
}
