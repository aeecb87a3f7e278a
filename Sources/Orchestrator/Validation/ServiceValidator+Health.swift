import ComposeFile
import Notation

extension ServiceValidator {
    /// Rejects durations shorter than the minimum, except zero, which stands for the default.
    func checkHealthCheck() throws {
        guard let check = service.healthCheck else { return }
        let durations = [
            ("interval", check.interval), ("timeout", check.timeout),
            ("start_period", check.startPeriod), ("start_interval", check.startInterval),
        ]
        for case (let attribute, let duration?) in durations where !HealthProbe.isValid(duration) {
            try reject("healthcheck", attribute, because: HealthProbe.refusal(of: duration))
        }
    }
}

extension HealthProbe {
    /// As with Docker; shorter ones would keep a processor busy with probes.
    private static let shortest = Duration.milliseconds(1)

    static func isValid(_ duration: Duration) -> Bool { duration == .zero || duration >= shortest }

    static func refusal(of duration: Duration) -> String {
        "\(GoDuration.text(of: duration)) is less than the minimum of "
            + "\(GoDuration.text(of: shortest)); use a longer time, or 0 for the default"
    }
}
