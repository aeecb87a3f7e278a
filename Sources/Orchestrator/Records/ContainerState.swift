public import OCI

/// What a container is doing: the part that changes, written by the supervisor alone.
///
/// Stored as `state.json`; a container without one has never been started.
public struct ContainerState: Codable, Sendable, Equatable {
    public enum Status: String, Codable, Sendable {
        case created
        case running
        case paused
        case restarting
        case removing
        case exited
        case dead
    }

    public enum Health: String, Codable, Sendable {
        case starting
        case healthy
        case unhealthy
    }

    /// One finished run of the health check.
    public struct ProbeResult: Codable, Sendable, Equatable {
        public var started: Timestamp
        public var ended: Timestamp
        /// -1 when it ran out of time.
        public var exitCode: Int32
        /// The first 4096 bytes of its output.
        public var output: String
    }

    /// What a container got on one network.
    public struct EndpointState: Codable, Sendable, Equatable {
        public var network: String
        public var ipv4Address: String?
        public var ipv6Address: String?
        public var macAddress: String?
    }

    public var status: Status
    public var pid: Int32?
    /// Clock ticks after boot at which `pid` started; guards against its reuse.
    public var processStart: UInt64?
    /// In which boot the file was last written: pids and ticks begin anew with each.
    public var boot: String?
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    /// Unknown when the container ended while nobody could watch.
    public var exitCode: Int32?
    public var wasKilledForMemory = false
    /// Why the last start failed.
    public var failure: String?
    public var restartCount = 0
    /// From the end of the last run to the start of this or the next one; nil when a command
    /// starts it.
    public var restartDelay: Duration?
    /// Restarts in a row that did not succeed, by what `deploy.restart_policy` calls success.
    public var restartAttempts: Int?
    /// Its `post_start` hooks have not all succeeded yet.
    public var hasStartHooksLeft: Bool?
    /// Stopped by a command, so no restart policy applies.
    public var wasStoppedByHand = false
    public var health: Health?
    public var failingStreak = 0
    /// The latest five.
    public var probes: [ProbeResult] = []
    public var endpoints: [EndpointState] = []
    /// Ports as they were really bound.
    public var ports: [PublishedPort] = []

    public init(status: Status) { self.status = status }
}
