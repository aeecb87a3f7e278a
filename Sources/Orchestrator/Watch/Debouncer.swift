import SystemPackage

/// Collects changed paths into batches, each closed by a pause: a pure decision.
///
/// Editors write a file in several steps and tools write many files at once; acting on incomplete
/// changes would be useless.
struct Debouncer {
    /// The time without changes that closes a batch: longer than the few milliseconds between the
    /// steps of one save, and too short to be noticed.
    static let pause = Duration.milliseconds(80)
    /// The time after which a batch is closed although changes continue.
    static let limit = Duration.seconds(2)

    private var paths: Set<FilePath> = []
    private var first: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?

    /// When the current batch closes; nil without one.
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

    /// Returns the batch if it is closed, and begins a new one.
    mutating func take(at now: ContinuousClock.Instant) -> Set<FilePath>? {
        guard let deadline, deadline <= now else { return nil }
        defer { self = Debouncer() }
        return paths
    }
}
