extension Plan {
    /// Splits the plan in two: the operations before any container starts, and the others.
    ///
    /// Both parts keep the order of operations and number them from 0.
    func divided() -> (preparation: Plan, rest: Plan) {
        var later: Set<Int> = []
        for operation in operations
        where operation.action.startsOrWaits || !operation.after.isDisjoint(with: later) {
            later.insert(operation.id)
        }
        return (selecting { !later.contains($0) }, selecting(later.contains))
    }

    private func selecting(_ isWanted: (Int) -> Bool) -> Plan {
        var plan = Plan()
        var numbers: [Int: Int] = [:]
        for operation in operations where isWanted(operation.id) {
            numbers[operation.id] = plan.operations.count
            plan.add(operation.action, because: operation.cause)
        }
        for operation in operations {
            guard let number = numbers[operation.id] else { continue }
            for earlier in operation.after.compactMap({ numbers[$0] }) {
                plan.make(number, waitFor: earlier)
            }
        }
        return plan
    }
}

extension Plan.Action {
    fileprivate var startsOrWaits: Bool {
        switch self {
        case .start, .startStandby, .promote, .monitor, .drain, .roll, .initialize, .await, .keep:
            true
        case .createNetwork, .removeNetwork, .createVolume, .removeVolume, .createContainer,
            .stop, .remove:
            false
        }
    }
}
