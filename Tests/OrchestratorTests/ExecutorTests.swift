import Synchronization
import Testing

@testable import Orchestrator

struct ExecutorTests {
    private struct Refused: Error, Equatable { var operation: Int }

    @Test func `an operation begins after its predecessors have succeeded`() async throws {
        let done = Mutex<[Int]>([])
        try await Executor.run(diamond) { operation in
            let finished = done.withLock { $0 }
            #expect(operation.after.isSubset(of: finished))
            done.withLock { $0.append(operation.id) }
        }
        #expect(done.withLock { Set($0) } == [0, 1, 2, 3])
    }

    @Test func `after a failure no operation begins and the first error is thrown`() async {
        let begun = Mutex<Set<Int>>([])
        await #expect(throws: Refused(operation: 1)) {
            try await Executor.run(diamond) { operation in
                begun.withLock { _ = $0.insert(operation.id) }
                if operation.id == 1 { throw Refused(operation: 1) }
            }
        }
        #expect(!begun.withLock { $0.contains(3) })
    }

    @Test func `no more operations than the limit run at once`() async throws {
        var plan = Plan()
        for index in 0..<10 { plan.add(.createVolume("v\(index)"), because: .missing) }
        let running = Mutex(0)
        try await Executor.run(plan, limit: 2) { _ in
            #expect(
                running.withLock {
                    $0 += 1
                    return $0
                } <= 2
            )
            await Task.yield()
            running.withLock { $0 -= 1 }
        }
    }

    private var diamond: Plan {
        var plan = Plan()
        plan.add(.createNetwork("n"), because: .missing)
        plan.add(.createVolume("a"), because: .missing, after: [0])
        plan.add(.createVolume("b"), because: .missing, after: [0])
        plan.add(.createVolume("c"), because: .missing, after: [1, 2])
        return plan
    }
}
