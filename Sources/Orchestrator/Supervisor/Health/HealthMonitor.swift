import Linux
import Notation
import OCI

/// Probes the health of one running container periodically.
final class HealthMonitor {
    private let rule: HealthProbe
    private let loop: EventLoop
    /// Starts the probe's command in the container.
    private let probe: (CommandRun.Request, @escaping (CommandRun.Outcome) -> Void) -> CommandRun?
    /// Receives a result; returns the time until the next probe.
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

    /// Stops probing; a probe under way is killed and does not count.
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
