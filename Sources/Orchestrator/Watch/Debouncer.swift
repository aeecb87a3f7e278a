import SystemPackage

/// Gathers changed paths until nothing has changed for a moment: a pure decision.
///
/// Editors write a file in several steps, and tools many files at once; half of it is of no use.
struct Debouncer {
    /// A batch is closed when nothing has changed for so long: long enough for the steps of one
    /// save, which follow each other within a few milliseconds, and too short to be noticed.
    static let pause = Duration.milliseconds(80)
    /// A batch is closed after so long even if changes go on.
    static let limit = Duration.seconds(2)

    private var paths: Set<FilePath> = []
    private var first: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?

    /// When the batch is to be taken; nil when there is none.
    var deadline: ContinuousClock.Instant? {
        guard let first, let last else { return nil }
        return min(last + Self.pause, first + Self.limit)
    }

    mutating func add(_ changed: Set<FilePath>, at now: ContinuousClock.Instant) {
        guard !changed.isEmpty else { return }
        paths.formUnion(changed)
        first = first ?? now
        last = now
    }

    /// The batch if it is to be taken by now.
    mutating func take(at now: ContinuousClock.Instant) -> Set<FilePath>? {
        guard let deadline, deadline <= now else { return nil }
        defer { self = Debouncer() }
        return paths
    }
}
