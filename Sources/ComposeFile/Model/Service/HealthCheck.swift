import YAML

/// The probe that determines whether a service's container is healthy.
///
/// Attributes that the Compose file omits are taken from the image, then from the platform.
/// Source: Compose Specification, services, `healthcheck`.
public struct HealthCheck: Sendable, Equatable {
    /// `CMD` and arguments, `CMD-SHELL` and a command line, or `NONE`; empty for the image's.
    public var test: [String] = []
    /// The time after which a running probe counts as failed.
    public var timeout: Duration?
    /// The time from the end of one probe to the start of the next.
    public var interval: Duration?
    /// The number of consecutive failures that make the container unhealthy.
    public var retries: Int?
    /// The time after the start during which failures are not counted.
    public var startPeriod: Duration?
    /// The interval during the start period.
    public var startInterval: Duration?
    /// Whether the image's probe is disabled.
    public var disabled: Bool = false
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a health check without attributes.
    public init() {}

    /// The command of a probe.
    public enum Probe: Sendable, Equatable {
        /// A program and its arguments.
        case execute([String])
        /// A command line for the image's shell.
        case shell(String)
        /// No command: health checks are disabled.
        case off
    }

    /// The command of each probe; nil for the image's.
    public var probe: Probe? {
        if disabled { return .off }
        return switch test.first {
        case "CMD": .execute(Array(test.dropFirst()))
        case "CMD-SHELL": .shell(test.dropFirst().joined(separator: " "))
        case "NONE": .off
        default: nil
        }
    }
}

extension HealthCheck {
    init(_ fields: Fields) throws(ComposeError) {
        if let line = fields["test"]?.string {
            test = ["CMD-SHELL", line]
        } else {
            test = try fields.strings("test")
        }
        timeout = try fields.duration("timeout")
        interval = try fields.duration("interval")
        retries = try fields.number("retries")
        if let retries, retries < 0 { throw fields.invalid("retries", "number", "use 0 or more") }
        startPeriod = try fields.duration("start_period")
        startInterval = try fields.duration("start_interval")
        disabled = try fields.flag("disable")
        extensions = fields.extensions
    }
}
