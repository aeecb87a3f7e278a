/// A graph of tasks, each of which starts once the tasks it depends on have succeeded.
///
/// Nodes are numbered from zero.
public struct TaskGraph: Sendable {
    /// The effect of a failed node on nodes that do not depend on it.
    ///
    /// Nodes that do depend on it never start.
    public enum FailurePolicy: Sendable {
        /// They run as if no node had failed.
        case runOthers
        /// Running nodes finish; no other node starts.
        case finishRunning
        /// Running nodes are cancelled; no other node starts.
        case cancelRunning
    }

    /// How a node ended.
    public struct Outcome<Output: Sendable>: Sendable {
        public let node: Int
        public let result: Result<Output, any Error>

        public var failure: (any Error)? {
            if case .failure(let error) = result { error } else { nil }
        }
    }

    private let dependencies: [[Int]]

    /// A graph in which node `n` depends on the nodes `dependencies[n]`; it must have no cycle.
    public init(dependencies: [[Int]]) {
        precondition(Schedule.reachesAll(of: dependencies), "the nodes depend on each other")
        self.dependencies = dependencies
    }

    /// A graph of `count` nodes that depend on nothing.
    public init(independentNodes count: Int) {
        dependencies = Array(repeating: [], count: count)
    }

    /// Runs every node, at most `limit` at a time, and returns their outputs by node.
    ///
    /// `perform` receives the outputs of the node's dependencies, in the order in which they were
    /// given. Once all started nodes have ended, throws the error that occurred first, or
    /// `CancellationError` when the calling task was cancelled before the last node started.
    public func run<Output: Sendable>(
        limit: Int = .max,
        onFailure policy: FailurePolicy,
        perform: @escaping @Sendable (_ node: Int, _ inputs: [Output]) async throws -> Output
    ) async throws -> [Output] {
        let outcomes = await outcomes(limit: limit, onFailure: { _ in policy }, perform: perform)
        // The outcomes are in chronological order, so the error that occurred first is thrown.
        let outputs = try outcomes.map { ($0.node, try $0.result.get()) }
        guard outputs.count == dependencies.count else { throw CancellationError() }
        return outputs.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// Runs the nodes, at most `limit` at a time, and returns how they ended, in order of time.
    ///
    /// A node that never started has no outcome: one that depends on a failed node, and any after
    /// a failure that `policy` does not ignore or after the calling task was cancelled.
    public func outcomes<Output: Sendable>(
        limit: Int = .max,
        onFailure policy: (_ node: Int) -> FailurePolicy,
        perform: @escaping @Sendable (_ node: Int, _ inputs: [Output]) async throws -> Output
    ) async -> [Outcome<Output>] {
        precondition(limit > 0, "a graph that may run no node never ends")
        var schedule = Schedule(dependencies)
        var outputs: [Output?] = Array(repeating: nil, count: dependencies.count)
        var outcomes: [Outcome<Output>] = []
        await withTaskGroup(of: Outcome<Output>.self) { group in
            var running = 0
            var mayStart = true
            while true {
                while mayStart, !group.isCancelled, running < limit, let node = schedule.next() {
                    let inputs = dependencies[node].compactMap { outputs[$0] }
                    running += 1
                    group.addTask { await Self.outcome(of: node, inputs, perform) }
                }
                guard let outcome = await group.next() else { return }
                running -= 1
                outcomes.append(outcome)
                switch outcome.result {
                case .success(let output):
                    outputs[outcome.node] = output
                    schedule.finish(outcome.node)
                case .failure:
                    switch policy(outcome.node) {
                    case .runOthers: break
                    case .finishRunning: mayStart = false
                    case .cancelRunning: group.cancelAll()
                    }
                }
            }
        }
        return outcomes
    }

    private static func outcome<Output>(
        of node: Int,
        _ inputs: [Output],
        _ perform: @Sendable (Int, [Output]) async throws -> Output
    ) async -> Outcome<Output> {
        do {
            return Outcome(node: node, result: .success(try await perform(node, inputs)))
        } catch {
            return Outcome(node: node, result: .failure(error))
        }
    }
}
