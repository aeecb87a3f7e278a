/// The pace of probes before and between the regular ones, while a command waits for a container.
///
/// They begin a few milliseconds after the start, and the pauses between them double until the next
/// regular probe comes first. So a container that is healthy soon is known to be, whatever its
/// interval, at the cost of about as many probes as the interval has binary digits in milliseconds.
struct EarlyProbes: Equatable {
    private static let firstPause = Duration.milliseconds(5)

    private var pause = firstPause

    /// The pause before the next early probe; nil if the regular one, due after `regular`, comes first.
    mutating func next(before regular: Duration) -> Duration? {
        guard pause < regular else { return nil }
        defer { pause *= 2 }
        return pause
    }
}
