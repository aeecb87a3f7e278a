/// Whether and when a container that exited is restarted.
///
/// The delays are Docker's: 100 ms, doubled each time up to one minute, and reset by a run of ten
/// seconds.
struct RestartDecision: Equatable {
    static let firstDelay = Duration.milliseconds(100)
    static let longestDelay = Duration.seconds(60)
    static let goodRun = Duration.seconds(10)

    /// The end of a run and its history.
    struct Ending {
        /// Nil when unknown, which counts as a failure.
        var exitCode: Int32?
        var runTime: Duration
        /// Whether a command stopped the container.
        var wasStopped: Bool
        /// Restarts since it was started by a command.
        var restarts: Int
        /// The number of consecutive failed restarts so far.
        var attempts = 0
        /// The delay before this run; nil if started by a command.
        var previousDelay: Duration?
    }

    /// Nil if the container is not restarted.
    var delay: Duration?
    /// Consecutive failed restarts, including the coming one.
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
    /// Whether another restart is allowed after this many consecutive failures.
    fileprivate func allows(attempts: Int) -> Bool {
        guard let limit = self.attempts, limit > 0 else { return true }
        return attempts < limit
    }
}
