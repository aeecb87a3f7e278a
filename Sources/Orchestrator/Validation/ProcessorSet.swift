/// Processors by number, from a list as the kernel writes it: `0-3,5`.
struct ProcessorSet: Equatable {
    var numbers: Set<Int> = []

    /// Nothing.
    init() {}

    /// Nil for what is no such list.
    init?(_ text: some StringProtocol) {
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let bounds = part.split(separator: "-", omittingEmptySubsequences: false)
                .map { Int($0) }
            // No machine has more; a long range would take long to count.
            guard (1...2).contains(bounds.count), let first = bounds[0],
                let last = bounds[bounds.count - 1], first >= 0, first <= last, last < 65_536
            else { return nil }
            numbers.formUnion(first...last)
        }
    }
}
