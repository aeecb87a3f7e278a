/// A condition on another service that must be met before a service starts.
///
/// Source: Compose Specification, services, `depends_on`.
public struct Dependency: Sendable, Equatable {
    /// The required state of the other service.
    public enum Condition: String, Sendable, Equatable {
        /// Its containers have been started.
        case started = "service_started"
        /// All its containers are healthy.
        case healthy = "service_healthy"
        /// Its containers have exited with status 0.
        case completedSuccessfully = "service_completed_successfully"
    }

    /// The condition to wait for.
    public var condition: Condition
    /// Whether a command that restarts or recreates the dependency also restarts the dependent.
    public var restart: Bool
    /// Whether the service cannot start without the dependency.
    public var required: Bool
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a dependency; the defaults are those of the short form.
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
