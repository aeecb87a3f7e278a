import YAML

/// The probe that tells whether a service's container is healthy.
///
/// Source: Compose Specification, services, `healthcheck`. What the file does not say is taken
/// from the image, then from the platform.
public struct HealthCheck: Sendable, Equatable {
    /// `CMD` and arguments, `CMD-SHELL` and a line, or `NONE`; empty keeps the image's.
    public var test: [String] = []
    /// A probe that still runs after this long has failed.
    public var timeout: Duration?
    /// From the end of one probe to the start of the next.
    public var interval: Duration?
    /// Failures in a row that make the container unhealthy.
    public var retries: Int?
    /// How long after the start failures do not count.
    public var startPeriod: Duration?
    /// The interval within the start period.
    public var startInterval: Duration?
    /// Whether the image's probe is dropped.
    public var disabled: Bool = false
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a health check about which nothing is said yet.
    public init() {}

    /// What one probe runs.
    public enum Probe: Sendable, Equatable {
        /// A program and its arguments.
        case execute([String])
        /// A line for the image's shell.
        case shell(String)
        /// Nothing: the probe is switched off.
        case off
    }

    /// What one probe runs; nil keeps the image's.
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
