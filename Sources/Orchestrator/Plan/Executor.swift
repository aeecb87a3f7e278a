/// Carries out a plan with all the parallelism its edges allow.
public enum Executor {
    /// Performs every operation once those it waits for have succeeded, at most `limit` at a time.
    ///
    /// After a failure nothing new is begun; what is under way is waited for, then the first
    /// error is thrown.
    public static func run(
        _ plan: Plan,
        limit: Int = .max,
        perform: @escaping @Sendable (Plan.Operation) async throws -> Void
    ) async throws {
        var schedule = Schedule(plan)
        var failure: (any Error)?
        await withTaskGroup(of: (Int, (any Error)?).self) { group in
            var underWay = 0
            while true {
                while failure == nil, underWay < limit, let next = schedule.next() {
                    underWay += 1
                    group.addTask {
                        do {
                            try await perform(next)
                            return (next.id, nil)
                        } catch {
                            return (next.id, error)
                        }
                    }
                }
                guard let (finished, error) = await group.next() else { return }
                underWay -= 1
                if let error { failure = failure ?? error } else { schedule.finish(finished) }
            }
        }
        if let failure { throw failure }
    }
}

/// Which operations may begin: those that wait for nobody any more.
struct Schedule {
    private let operations: [Plan.Operation]
    private var waitingFor: [Int]
    private var dependents: [[Int]]
    private var ready: [Int]

    init(_ plan: Plan) {
        operations = plan.operations
        waitingFor = operations.map(\.after.count)
        dependents = Array(repeating: [], count: operations.count)
        for operation in operations {
            for earlier in operation.after { dependents[earlier].append(operation.id) }
        }
        ready = operations.filter(\.after.isEmpty).map(\.id).reversed()
    }

    mutating func next() -> Plan.Operation? { ready.popLast().map { operations[$0] } }

    mutating func finish(_ operation: Int) {
        for dependent in dependents[operation].sorted().reversed() {
            waitingFor[dependent] -= 1
            if waitingFor[dependent] == 0 { ready.append(dependent) }
        }
    }
}
