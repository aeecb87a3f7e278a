/// What a service waits for in another one before it starts.
///
/// Source: Compose Specification, services, `depends_on`.
public struct Dependency: Sendable, Equatable {
    /// What must be true of the other service.
    public enum Condition: String, Sendable, Equatable {
        /// Its containers were started.
        case started = "service_started"
        /// All its containers are healthy.
        case healthy = "service_healthy"
        /// It ended with status 0.
        case completedSuccessfully = "service_completed_successfully"
    }

    /// What is waited for.
    public var condition: Condition
    /// Whether a command that restarts or replaces the other one restarts this one, too.
    public var restart: Bool
    /// Whether the service cannot do without the other one.
    public var required: Bool
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a dependency; silent parts are those of the short form.
    public init(_ condition: Condition = .started, restart: Bool = false, required: Bool = true) {
        self.condition = condition
        self.restart = restart
        self.required = required
    }
}

extension Dependency {
    init(_ fields: Fields) throws(ComposeError) {
        condition = try fields.word("condition") ?? .started
        restart = try fields.flag("restart")
        required = try fields.boolean("required") ?? true
        extensions = fields.extensions
    }
}
