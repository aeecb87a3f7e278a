public import Dockerfile
public import OCI

extension HealthCheck {
    /// The check in the form of an image configuration.
    public var imageForm: ImageConfiguration.HealthCheck {
        guard case .command(let form, let timing) = self else {
            return ImageConfiguration.HealthCheck(test: ["NONE"])
        }
        let test: [String]
        switch form {
        case .exec(let words): test = ["CMD"] + words
        case .shell(let text): test = ["CMD-SHELL", text]
        }
        let duration = { (nanoseconds: Int64) -> Duration? in
            nanoseconds > 0 ? .nanoseconds(nanoseconds) : nil
        }
        return ImageConfiguration.HealthCheck(
            test: test,
            interval: duration(timing.interval),
            timeout: duration(timing.timeout),
            startPeriod: duration(timing.startPeriod),
            startInterval: duration(timing.startInterval),
            retries: timing.retries > 0 ? timing.retries : nil
        )
    }
}
