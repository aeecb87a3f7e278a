import Synchronization
import Testing

@testable import TaskGraph

struct TaskGraphTests {
    private struct Failure: Error, Equatable {
        var node: Int
    }

    /// 0 below 1 and 2, both below 3.
    private let diamond = TaskGraph(dependencies: [[], [0], [0], [1, 2]])

    @Test func `a node starts once its dependencies have succeeded`() async throws {
        let dependencies = [[], [0], [0], [1, 2], [3], []]
        let finished = Mutex<Set<Int>>([])
        _ = try await TaskGraph(dependencies: dependencies).run(onFailure: .cancelRunning) {
            (node, _: [Void]) in
            #expect(finished.withLock { $0.isSuperset(of: dependencies[node]) })
            finished.withLock { _ = $0.insert(node) }
        }
        #expect(finished.withLock(\.self) == [0, 1, 2, 3, 4, 5])
    }

    @Test func `a node receives the outputs of its dependencies in their given order`() async throws
    {
        let graph = TaskGraph(dependencies: [[], [0], [0, 0], [2, 1]])
        let outputs = try await graph.run(onFailure: .cancelRunning) { node, inputs in
            "\(node)(\(inputs.joined(separator: " ")))"
        }
        #expect(outputs == ["0()", "1(0())", "2(0() 0())", "3(2(0() 0()) 1(0()))"])
    }

    @Test func `nodes may depend on later ones but not on each other`() {
        #expect(Schedule.reachesAll(of: [[2], [0], []]))
        #expect(!Schedule.reachesAll(of: [[1], [2], [0], []]))
        #expect(!Schedule.reachesAll(of: [[0]]))
    }

    @Test func `an empty graph has no outputs`() async throws {
        let outputs = try await TaskGraph(dependencies: []).run(onFailure: .cancelRunning) {
            (node, _: [Int]) in node
        }
        #expect(outputs.isEmpty)
    }

    @Test(arguments: [1, 3, 100])
    func `no more nodes than the limit run at a time`(limit: Int) async throws {
        let running = Mutex(0)
        let most = Mutex(0)
        let graph = TaskGraph(independentNodes: 20)
        let outputs = try await graph.run(limit: limit, onFailure: .cancelRunning) {
            (node, _: [Int]) in
            let now = running.withLock { count in
                count += 1
                return count
            }
            most.withLock { $0 = max($0, now) }
            await Task.yield()
            running.withLock { $0 -= 1 }
            return node
        }
        #expect(outputs == Array(0..<20))
        #expect(most.withLock(\.self) <= limit)
    }

    @Test func `one node at a time completes a chain before the next begins`() async throws {
        let order = Mutex<[Int]>([])
        let graph = TaskGraph(dependencies: [[], [], [0], [1], [2]])
        _ = try await graph.run(limit: 1, onFailure: .cancelRunning) { (node, _: [Void]) in
            order.withLock { $0.append(node) }
        }
        #expect(order.withLock(\.self) == [0, 2, 4, 1, 3])
    }

    @Test func `the first error in time is thrown, and dependent nodes do not start`() async {
        let started = Mutex<Set<Int>>([])
        let (gate, open) = AsyncStream<Void>.makeStream()
        await #expect(throws: Failure(node: 2)) {
            try await diamond.run(onFailure: .finishRunning) { (node, _: [Void]) in
                started.withLock { _ = $0.insert(node) }
                if node == 1 {
                    for await _ in gate {}
                    throw Failure(node: 1)
                }
                if node == 2 {
                    open.finish()
                    throw Failure(node: 2)
                }
            }
        }
        #expect(started.withLock(\.self) == [0, 1, 2])
    }

    @Test func `running nodes finish uncancelled when the policy says so`() async {
        let (gate, open) = AsyncStream<Void>.makeStream()
        let graph = TaskGraph(independentNodes: 3)
        let outcomes = await graph.outcomes(
            limit: 2,
            onFailure: { _ in .finishRunning },
            perform: { (node, _: [Int]) in
                if node == 1 {
                    defer { open.finish() }
                    throw Failure(node: 1)
                }
                for await _ in gate {}
                try Task.checkCancellation()
                return node
            }
        )
        #expect(outcomes.contains { $0.node == 0 && $0.failure == nil })
        #expect(outcomes.contains { $0.node == 1 && $0.failure as? Failure == Failure(node: 1) })
        #expect(!outcomes.contains { $0.node == 2 })
    }

    @Test func `running nodes are cancelled when the policy says so`() async {
        let never = AsyncStream<Void> { _ in }
        let graph = TaskGraph(independentNodes: 3)
        let outcomes = await graph.outcomes(
            limit: 2,
            onFailure: { _ in .cancelRunning },
            perform: { (node, _: [Int]) in
                if node == 1 { throw Failure(node: 1) }
                // Ends when the task is cancelled.
                for await _ in never {}
                try Task.checkCancellation()
                return node
            }
        )
        #expect(outcomes.map(\.node) == [1, 0])
        #expect(outcomes.first?.failure as? Failure == Failure(node: 1))
        #expect(outcomes.last?.failure is CancellationError)
    }

    @Test func `other nodes continue when the policy ignores failures`() async {
        let graph = TaskGraph(dependencies: [[], [0], [], [2]])
        let outcomes = await graph.outcomes(
            onFailure: { _ in .runOthers },
            perform: { (node, _: [Int]) in
                if node == 0 { throw Failure(node: 0) }
                return node
            }
        )
        #expect(Set(outcomes.map(\.node)) == [0, 2, 3])
    }

    @Test func `cancelling the caller stops the graph`() async {
        let (started, start) = AsyncStream<Void>.makeStream()
        let never = AsyncStream<Void> { _ in }
        let task = Task {
            try await TaskGraph(dependencies: [[], [0]]).run(onFailure: .finishRunning) {
                (node, _: [Int]) in
                start.finish()
                for await _ in never {}
                return node
            }
        }
        for await _ in started {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test func `a graph of many nodes takes time proportional to its edges`() async throws {
        let count = 20_000
        let chain = (0..<count).map { $0 == 0 ? [] : [$0 - 1] }
        let outputs = try await TaskGraph(dependencies: chain).run(onFailure: .cancelRunning) {
            node,
            inputs in (inputs.first ?? 0) + 1
        }
        #expect(outputs.last == count)
    }
}
