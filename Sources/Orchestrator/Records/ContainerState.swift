public import OCI

/// The changing state of a container, written only by the supervisor.
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
        /// -1 if it timed out or could not be started; the output says which.
        public var exitCode: Int32
        /// The first 4096 bytes of its output.
        public var output: String
    }

    /// The endpoint of a container on one network.
    public struct EndpointState: Codable, Sendable, Equatable {
        public var network: String
        public var ipv4Address: String?
        public var ipv6Address: String?
        public var macAddress: String?
    }

    public var status: Status
    public var pid: Int32?
    /// The start of `pid` in clock ticks after boot; guards against its reuse.
    public var processStart: UInt64?
    /// The boot in which the file was last written: pids and ticks are valid only in that.
    public var boot: String?
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    /// Nil also if the container exited while no supervisor could watch.
    public var exitCode: Int32?
    public var wasKilledForMemory = false
    /// The reason why the last start failed.
    public var failure: String?
    public var restartCount = 0
    /// The pause between the previous run and this or the next one; nil if a command starts it.
    public var restartDelay: Duration?
    /// Consecutive restarts without success as `deploy.restart_policy` defines it.
    public var restartAttempts: Int?
    /// Not all of its `post_start` hooks have succeeded yet.
    public var hasStartHooksLeft: Bool?
    /// It was stopped by a command, so it is not restarted.
    public var wasStoppedByHand = false
    public var health: Health?
    public var failingStreak = 0
    /// The latest five results.
    public var probes: [ProbeResult] = []
    public var endpoints: [EndpointState] = []
    /// Those of its last run; nil before its end.
    public var formerEndpoints: [EndpointState]?
    /// The ports as actually bound.
    public var ports: [PublishedPort] = []

    /// It runs beside the container of its service that has the names and published ports: the new
    /// one of a rolling update before it takes them over, or the old one afterwards.
    public var isStandby: Bool?

    public init(status: Status) { self.status = status }
}

extension ContainerState {
    /// Whether its last run failed after the OOM killer had killed a process of it.
    public var failedForMemory: Bool {
        wasKilledForMemory && !wasStoppedByHand && exitCode != nil && exitCode != 0
    }

    /// The exit code with its cause, for messages: `137, out of memory`.
    var exitWords: String {
        (exitCode.map(String.init) ?? "status unknown") + (failedForMemory ? ", out of memory" : "")
    }
}
