/// A set of processors in the kernel's notation: `0-3,5`.
struct ProcessorSet: Equatable {
    var numbers: Set<Int> = []

    /// The empty set.
    init() {}

    /// Nil if `text` is not a valid list.
    init?(_ text: some StringProtocol) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let bounds = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { Int($0) }
            // Bounds the size of the set: no kernel supports more processors.
            guard (1...2).contains(bounds.count), let first = bounds[0],
                let last = bounds[bounds.count - 1], first >= 0, first <= last, last < 65_536
            else { return nil }
            numbers.formUnion(first...last)
        }
    }
}
