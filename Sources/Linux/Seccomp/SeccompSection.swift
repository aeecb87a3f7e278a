/// The part of a filter that decides on the calls of one architecture.
///
/// The kernel translates a filter anew for each process that takes it, so a short one makes a
/// container start sooner: a comparison jumps straight to an answer, which many of them share.
struct SeccompSection {
    /// From the last instruction to the first: a jump must know how far away its target is.
    private var reversed: [BPFInstruction] = []
    /// Where the nearest copy of an answer is.
    private var answers: [SeccompFilter.Action: Int] = [:]

    /// `ranges` begin with call number 0.
    init(_ ranges: [SeccompAssembly.Range]) {
        appendTree(ranges[...])
        reversed.append(.load(offset: 0))
    }

    /// The instructions in their order.
    var code: [BPFInstruction] { reversed.reversed() }

    /// Puts a tree before what is there; the place where it begins.
    @discardableResult
    private mutating func appendTree(_ ranges: ArraySlice<SeccompAssembly.Range>) -> Int {
        if ranges.count == 1, let only = ranges.first { return append(only.outcome) }
        let middle = ranges.startIndex + ranges.count / 2
        var high = appendTree(ranges[middle...])
        var low = appendTree(ranges[..<middle])
        // The second bridge would make the first way longer by one.
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

    /// How many instructions the one that is appended next must jump over.
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
            // A test that fails goes past the rest of its rule, whose last is the answer.
            for (index, test) in tests.enumerated().reversed() {
                reversed.append(test.failing(to: tests.count - index))
            }
        }
        return reversed.count - 1
    }

    private mutating func append(_ answer: SeccompFilter.Action) -> Int {
        // Near enough for every comparison of a common tree.
        if let place = answers[answer], distance(to: place) < 200 { return place }
        reversed.append(.answer(answer.code))
        answers[answer] = reversed.count - 1
        return reversed.count - 1
    }
}
