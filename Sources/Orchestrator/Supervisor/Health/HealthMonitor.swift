import Linux
import Notation
import OCI

/// Probes the health of one running container periodically, and at once while a command waits for it.
final class HealthMonitor {
    private let rule: HealthProbe
    private let loop: EventLoop
    /// Starts the probe's command in the container.
    private let probe: (CommandRun.Request, @escaping (CommandRun.Outcome) -> Void) -> CommandRun?
    /// Receives a result; returns the time until the next regular probe.
    private let take: (ContainerState.ProbeResult) -> Duration
    private let clock = ContinuousClock()
    private var timer: EventLoop.Timer?
    private var current: CommandRun?
    /// The last probe, whose process may outlive its result.
    private var last: CommandRun?
    /// When the next regular probe is due.
    private var due: ContinuousClock.Instant
    /// The pace of early probes; nil while no command waits.
    private var early: EarlyProbes?

    init(
        _ rule: HealthProbe,
        loop: EventLoop,
        probe:
            @escaping (CommandRun.Request, @escaping (CommandRun.Outcome) -> Void) -> CommandRun?,
        take: @escaping (ContainerState.ProbeResult) -> Duration
    ) {
        self.rule = rule
        self.loop = loop
        self.probe = probe
        self.take = take
        due = clock.now
    }

    /// Makes the next regular probe after `delay`.
    func begin(after delay: Duration) {
        stop()
        due = clock.now + delay
        wait()
    }

    /// Probes early as well, because a command waits for the container to become healthy.
    func hurry() {
        guard early == nil else { return }
        early = EarlyProbes()
        if let timer {
            loop.cancel(timer)
            wait()
        }
    }

    /// Stops probing; a probe in progress is killed and does not count.
    func stop() {
        if let timer { loop.cancel(timer) }
        timer = nil
        current?.abandon()
        current = nil
        last?.onReaped = {}
    }

    private func wait() {
        let regular = max(.zero, due - clock.now)
        let pause = early?.next(before: regular)
        timer = loop.after(pause ?? regular) { [unowned self] in
            timer = nil
            if pause == nil { runRegular() } else { runEarly() }
        }
    }

    /// A probe never starts before the last one has ended, which after SIGKILL may take a while.
    private func runRegular() {
        guard last?.hasExited ?? true else {
            last?.onReaped = { [unowned self] in runRegular() }
            return
        }
        run(limit: rule.timeout) { [unowned self] in
            let delay = take($0)
            if $0.exitCode == 0 { early = nil }
            begin(after: delay)
        }
    }

    /// Probes once, no longer than until the next regular probe; only a success counts.
    private func runEarly() {
        guard last?.hasExited ?? true else { return wait() }
        let limit = min(rule.timeout, max(.milliseconds(1), due - clock.now))
        run(limit: limit) { [unowned self] in
            guard $0.exitCode == 0 else { return wait() }
            early = nil
            begin(after: take($0))
        }
    }

    private func run(
        limit: Duration,
        _ finish: @escaping (ContainerState.ProbeResult) -> Void
    ) {
        let started = Timestamp.now
        let request = CommandRun.Request(
            command: rule.command,
            limit: limit,
            outputLimit: HealthDecision.outputLimit
        )
        current = probe(request) { [unowned self] outcome in
            current = nil
            finish(result(outcome, started: started))
        }
        last = current
    }

    private func result(
        _ outcome: CommandRun.Outcome,
        started: Timestamp
    ) -> ContainerState.ProbeResult {
        let (exitCode, output): (Int32, String) =
            switch outcome {
            case .ended(let status, let output):
                (status.code, String(decoding: output, as: UTF8.self))
            case .timedOut:
                (-1, "Health check exceeded timeout (\(GoDuration.text(of: rule.timeout)))")
            case .notStarted(let reason): (-1, reason)
            }
        return ContainerState.ProbeResult(
            started: started,
            ended: .now,
            exitCode: exitCode,
            output: output
        )
    }
}
