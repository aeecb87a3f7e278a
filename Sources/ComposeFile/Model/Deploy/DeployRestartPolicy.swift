/// The restart policy under `deploy`; takes precedence over `restart`.
public struct DeployRestartPolicy: Sendable, Equatable {
    /// `none`, `on-failure` or `any`.
    public var condition: String?
    /// The delay before a restart.
    public var delay: Duration?
    /// The maximum number of restarts.
    public var maxAttempts: UInt64?
    /// The running time after which a restart counts as successful.
    public var window: Duration?
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates an empty section.
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
