import Linux
import OCI

/// Probes one running container's health, again and again.
final class HealthMonitor {
    private let rule: HealthProbe
    private let loop: EventLoop
    /// Starts the probe's command in the container.
    private let probe: (CommandRun.Request, @escaping (CommandRun.Outcome) -> Void) -> CommandRun?
    /// Takes a result; the time until the next probe.
    private let take: (ContainerState.ProbeResult) -> Duration
    private var timer: EventLoop.Timer?
    private var current: CommandRun?

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
    }

    /// Probes for the first time after `delay`.
    func begin(after delay: Duration) {
        stop()
        timer = loop.after(delay) { [unowned self] in
            timer = nil
            run()
        }
    }

    /// Probes no more; a probe under way is killed and does not count.
    func stop() {
        if let timer { loop.cancel(timer) }
        timer = nil
        current?.abandon()
        current = nil
    }

    private func run() {
        let started = Timestamp.now
        let request = CommandRun.Request(
            command: rule.command,
            limit: rule.timeout,
            outputLimit: HealthDecision.outputLimit
        )
        current = probe(request) { [unowned self] outcome in
            current = nil
            begin(after: take(result(outcome, started: started)))
        }
    }

    private func result(
        _ outcome: CommandRun.Outcome,
        started: Timestamp
    ) -> ContainerState.ProbeResult {
        let (exitCode, output): (Int32, String) =
            switch outcome {
            case .ended(let status, let output):
                (status.code, String(decoding: output, as: UTF8.self))
            case .timedOut: (-1, "Health check exceeded timeout (\(rule.timeout.inWords))")
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

extension Duration {
    /// Such as `1m30s` or `1.5s`.
    var inWords: String {
        let (seconds, attoseconds) = components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if seconds < 1 { return "\(milliseconds)ms" }
        let fraction = milliseconds == 0 ? "" : ".\(milliseconds + 1000)".replacing(".1", with: ".")
        let minutes = seconds / 60
        return (minutes > 0 ? "\(minutes)m" : "") + "\(seconds % 60)\(fraction)s"
    }
}
