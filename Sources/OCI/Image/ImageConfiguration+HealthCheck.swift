extension ImageConfiguration {
    /// The health check defined by an image.
    ///
    /// A duration of nil is inherited. Source: Docker Image Specification v1.3, `Healthcheck`.
    public struct HealthCheck: Sendable, Equatable {
        /// `["NONE"]`, `["CMD", arguments…]`, `["CMD-SHELL", text]`; empty inherits.
        public var test: [String]
        /// The time from the end of a probe to the start of the next.
        public var interval: Duration?
        /// The time after which a running probe counts as failed.
        public var timeout: Duration?
        /// The time after the start during which failures do not count.
        public var startPeriod: Duration?
        /// The interval during the start period.
        public var startInterval: Duration?
        /// The number of consecutive failures that make the container unhealthy.
        public var retries: Int?

        public init(
            test: [String],
            interval: Duration? = nil,
            timeout: Duration? = nil,
            startPeriod: Duration? = nil,
            startInterval: Duration? = nil,
            retries: Int? = nil
        ) {
            self.test = test
            self.interval = interval
            self.timeout = timeout
            self.startPeriod = startPeriod
            self.startInterval = startInterval
            self.retries = retries
        }
    }
}

extension ImageConfiguration.HealthCheck: Codable {
    private enum CodingKeys: String, CodingKey {
        case test = "Test"
        case interval = "Interval"
        case timeout = "Timeout"
        case startPeriod = "StartPeriod"
        case startInterval = "StartInterval"
        case retries = "Retries"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        func duration(_ key: CodingKeys) throws -> Duration? {
            let nanoseconds = try container.decodeIfPresent(Int64.self, forKey: key) ?? 0
            return nanoseconds > 0 ? .nanoseconds(nanoseconds) : nil
        }
        test = try container.decodeIfPresent([String].self, forKey: .test) ?? []
        interval = try duration(.interval)
        timeout = try duration(.timeout)
        startPeriod = try duration(.startPeriod)
        startInterval = try duration(.startInterval)
        let retries = try container.decodeIfPresent(Int.self, forKey: .retries) ?? 0
        self.retries = retries > 0 ? retries : nil
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        if !test.isEmpty { try container.encode(test, forKey: .test) }
        try container.encodeIfPresent(interval.map(Self.nanoseconds), forKey: .interval)
        try container.encodeIfPresent(timeout.map(Self.nanoseconds), forKey: .timeout)
        try container.encodeIfPresent(startPeriod.map(Self.nanoseconds), forKey: .startPeriod)
        try container.encodeIfPresent(startInterval.map(Self.nanoseconds), forKey: .startInterval)
        try container.encodeIfPresent(retries, forKey: .retries)
    }

    /// Limited to the range of Go's durations: 292 years.
    private static func nanoseconds(_ duration: Duration) -> Int64 {
        let nanoseconds = duration / .nanoseconds(1)
        return nanoseconds >= 9.2e18
            ? .max
            : duration.components.seconds * 1_000_000_000
                + duration.components.attoseconds / 1_000_000_000
    }
}
