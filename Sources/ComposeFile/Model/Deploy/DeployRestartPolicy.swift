/// What happens when a container of a deployed service ends; wins over `restart`.
public struct DeployRestartPolicy: Sendable, Equatable {
    /// `none`, `on-failure` or `any`.
    public var condition: String?
    /// The pause before a restart.
    public var delay: Duration?
    /// How often at most.
    public var maxAttempts: UInt64?
    /// How long a container must run for its restart to count as done.
    public var window: Duration?
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a section that says nothing.
    public init() {}
}

extension DeployRestartPolicy {
    init(_ fields: Fields) throws(ComposeError) {
        condition = try fields.string("condition")
        delay = try fields.duration("delay")
        maxAttempts = try fields.number("max_attempts")
        window = try fields.duration("window")
        extensions = fields.extensions
    }
}
