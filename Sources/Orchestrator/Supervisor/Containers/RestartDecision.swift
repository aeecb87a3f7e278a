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
        /// Of these, those in a row that did not succeed.
        var attempts = 0
        /// The delay before this run; nil when a command started it.
        var previousDelay: Duration?
    }

    /// Nil: it stays ended.
    var delay: Duration?
    /// Restarts in a row that did not succeed, with the one to come.
    var attempts: Int

    init(_ rule: RestartRule, _ pacing: RestartPacing? = nil, after ending: Ending) {
        let window = pacing?.window ?? .zero
        attempts = window > .zero && ending.runTime >= window ? 0 : ending.attempts
        guard Self.wantsRestart(rule, ending), pacing?.allows(attempts: attempts) ?? true else {
            return
        }
        attempts += 1
        if let fixed = pacing?.delay {
            delay = fixed
            return
        }
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

extension RestartPacing {
    /// Whether one more restart may follow so many that did not succeed.
    fileprivate func allows(attempts: Int) -> Bool {
        guard let limit = self.attempts, limit > 0 else { return true }
        return attempts < limit
    }
}
