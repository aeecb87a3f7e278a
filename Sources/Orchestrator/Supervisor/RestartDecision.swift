/// Whether a container that ended is started again, and when.
///
/// The delays are Docker's: 100 ms, doubled each time up to a minute, and from the beginning
/// after a run of ten seconds.
struct RestartDecision: Equatable {
    static let firstDelay = Duration.milliseconds(100)
    static let longestDelay = Duration.seconds(60)
    static let goodRun = Duration.seconds(10)

    /// How a run ended and what went before.
    struct Ending {
        /// Nil when nobody could learn it, which counts as a failure.
        var exitCode: Int32?
        var runTime: Duration
        /// A command stopped it.
        var wasStopped: Bool
        /// Restarts since a command started it.
        var restarts: Int
        /// The delay before this run; nil when a command started it.
        var previousDelay: Duration?
    }

    /// Nil: it stays ended.
    var delay: Duration?

    init(_ rule: RestartRule, after ending: Ending) {
        guard Self.wantsRestart(rule, ending) else { return }
        guard let previous = ending.previousDelay, ending.runTime < Self.goodRun else {
            delay = Self.firstDelay
            return
        }
        delay = min(previous * 2, Self.longestDelay)
    }

    private static func wantsRestart(_ rule: RestartRule, _ ending: Ending) -> Bool {
        if ending.wasStopped { return false }
        switch rule {
        case .never: return false
        case .always, .unlessStopped: return true
        case .onFailure(let limit):
            return ending.exitCode != 0 && (limit == 0 || ending.restarts < limit)
        }
    }
}
