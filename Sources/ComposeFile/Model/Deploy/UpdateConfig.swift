/// How the containers of a service are replaced.
public struct UpdateConfig: Sendable, Equatable {
    /// Which comes first.
    public enum Order: String, Sendable, Equatable {
        /// The old container stops before the new one starts.
        case stopFirst = "stop-first"
        /// The new container starts before the old one stops.
        case startFirst = "start-first"
    }

    /// How many at a time; 0 is all.
    public var parallelism: UInt64?
    /// The pause between two.
    public var delay: Duration = .zero
    /// `continue`, `pause` or `rollback`.
    public var failureAction: String?
    /// How long a new container is watched.
    public var monitor: Duration = .zero
    /// The part of failures that is put up with.
    public var maxFailureRatio: Float = 0
    /// Which comes first.
    public var order: Order?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a section that says nothing.
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
