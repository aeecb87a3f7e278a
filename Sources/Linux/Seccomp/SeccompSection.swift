/// The part of a filter for the calls of one architecture.
///
/// The kernel compiles a filter for each process that installs it, so a short one makes containers
/// start faster: comparisons jump directly to shared return instructions.
struct SeccompSection {
    /// The instructions in reverse order, because a jump needs the distance to its target.
    private var reversed: [BPFInstruction] = []
    /// The position of the nearest copy of each return instruction.
    private var answers: [SeccompFilter.Action: Int] = [:]

    /// `ranges` start with call number 0.
    init(_ ranges: [SeccompAssembly.Range]) {
        appendTree(ranges[...])
        reversed.append(.load(offset: 0))
    }

    /// The instructions in execution order.
    var code: [BPFInstruction] { reversed.reversed() }

    /// Prepends a decision tree; returns the position of its first instruction.
    @discardableResult
    private mutating func appendTree(_ ranges: ArraySlice<SeccompAssembly.Range>) -> Int {
        if ranges.count == 1, let only = ranges.first { return append(only.outcome) }
        let middle = ranges.startIndex + ranges.count / 2
        var high = appendTree(ranges[middle...])
        var low = appendTree(ranges[..<middle])
        // The second bridge adds one instruction to the first distance.
        if distance(to: high) >= UInt8.max { high = appendBridge(to: high) }
        if distance(to: low) > UInt8.max { low = appendBridge(to: low) }
        reversed.append(
            .jumpIfAtLeast(
                ranges[middle].first,
                then: UInt8(distance(to: high)),
                else: UInt8(distance(to: low))
            )
        )
        return reversed.count - 1
    }

    /// The number of instructions that the next one must skip.
    private func distance(to place: Int) -> Int { reversed.count - 1 - place }

    private mutating func appendBridge(to place: Int) -> Int {
        reversed.append(.jump(over: UInt32(distance(to: place))))
        return reversed.count - 1
    }

    private mutating func append(_ outcome: SeccompAssembly.Outcome) -> Int {
        if outcome.conditional.isEmpty { return append(outcome.otherwise) }
        reversed.append(.answer(outcome.otherwise.code))
        for rule in outcome.conditional.reversed() {
            let tests = rule.conditions.flatMap(\.test)
            reversed.append(.answer(rule.action.code))
            // A false test skips the rest of its rule, including the return instruction.
            for (index, test) in tests.enumerated().reversed() {
                reversed.append(test.failing(to: tests.count - index))
            }
        }
        return reversed.count - 1
    }

    private mutating func append(_ answer: SeccompFilter.Action) -> Int {
        // In reach of every comparison of a typical tree.
        if let place = answers[answer], distance(to: place) < 200 { return place }
        reversed.append(.answer(answer.code))
        answers[answer] = reversed.count - 1
        return reversed.count - 1
    }
}
