/// The rolling update or rollback of a service's containers.
public struct UpdateConfig: Sendable, Equatable {
    /// The order of stopping and starting.
    public enum Order: String, Sendable, Equatable {
        /// The old container stops before the new one starts.
        case stopFirst = "stop-first"
        /// The new container starts before the old one stops.
        case startFirst = "start-first"
    }

    /// The number of containers updated at a time; 0 means all.
    public var parallelism: UInt64?
    /// The delay between batches.
    public var delay: Duration = .zero
    /// `continue`, `pause` or `rollback`.
    public var failureAction: String?
    /// How long a new container is monitored for failure.
    public var monitor: Duration = .zero
    /// The tolerated ratio of failures.
    public var maxFailureRatio: Float = 0
    /// The order of stopping and starting.
    public var order: Order?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates an empty section.
    public init() {}
}

extension UpdateConfig {
    init(_ fields: Fields) throws(ComposeError) {
        parallelism = try fields.number("parallelism")
        delay = try fields.duration("delay") ?? .zero
        failureAction = try fields.string("failure_action")
        monitor = try fields.duration("monitor") ?? .zero
        maxFailureRatio = try fields.float("max_failure_ratio") ?? 0
        order = try fields.word("order")
        extensions = fields.extensions
    }
}
