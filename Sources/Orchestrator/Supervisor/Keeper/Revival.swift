/// Decides when to start the next supervisor after one has ended.
///
/// It is started at once, but with increasing delays after supervisors that ended soon, and not at
/// all after ten of these in a row.
struct Revival: Equatable {
    private static let firstDelay = Duration.milliseconds(100)
    private static let longestDelay = Duration.seconds(60)
    /// A supervisor that has run this long ends the series of failures.
    private static let goodRun = Duration.seconds(10)
    private static let attempts = 10

    /// The number of consecutive supervisors that ended soon.
    private var failures = 0

    /// Records how long a supervisor ran; zero for one that did not get to serve.
    mutating func supervisorEnded(after run: Duration) {
        failures = run >= Self.goodRun ? 0 : failures + 1
    }

    /// The delay until the next supervisor is started; nil after too many failures.
    var delay: Duration? {
        switch failures {
        case ...1: .zero
        case ..<Self.attempts:
            min(Self.firstDelay * (1 << (failures - 2)), Self.longestDelay)
        default: nil
        }
    }
}
