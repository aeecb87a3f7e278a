/// The nodes of a graph that may start, as others finish.
struct Schedule {
    /// The number of unfinished dependencies of each node.
    private var pending: [Int]
    private var dependents: [[Int]]
    /// The nodes that are ready, the next one last: nodes made ready by a finished node precede
    /// those that were ready before, so that a chain is completed before another one begins.
    private var ready: [Int]

    init(_ dependencies: [[Int]]) {
        pending = dependencies.map(\.count)
        dependents = Array(repeating: [], count: dependencies.count)
        for (node, needed) in dependencies.enumerated() {
            for dependency in needed { dependents[dependency].append(node) }
        }
        ready = dependencies.indices.filter { dependencies[$0].isEmpty }.reversed()
    }

    /// Removes and returns a node that may start; nil if all others wait or have been taken.
    mutating func next() -> Int? { ready.popLast() }

    /// Whether every node becomes ready eventually; false if there is a cycle.
    static func reachesAll(of dependencies: [[Int]]) -> Bool {
        var schedule = Schedule(dependencies)
        var count = 0
        while let node = schedule.next() {
            schedule.finish(node)
            count += 1
        }
        return count == dependencies.count
    }

    /// Marks the nodes ready that waited only for `node`.
    mutating func finish(_ node: Int) {
        for dependent in dependents[node].reversed() {
            pending[dependent] -= 1
            if pending[dependent] == 0 { ready.append(dependent) }
        }
    }
}
