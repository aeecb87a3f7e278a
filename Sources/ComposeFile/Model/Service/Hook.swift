/// A command run at a point of a container's lifecycle.
///
/// Source: Compose Specification, services, `pre_start`, `post_start` and `pre_stop`.
public struct Hook: Sendable, Equatable {
    /// The command; nil for the image's.
    public var command: [String]?
    /// The user that runs it; nil means the service's.
    public var user: String?
    /// Whether it has all capabilities.
    public var privileged: Bool = false
    /// The working directory; nil means the service's.
    public var workingDirectory: String?
    /// Additional environment variables; nil for a name without a value.
    public var environment: [String: String?] = [:]
    /// The image of a `pre_start` hook; nil means the service's.
    public var image: String?
    /// Whether a `pre_start` hook runs once for each container.
    public var perReplica: Bool = false
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a hook that runs `command`.
    public init(command: [String]?) {
        self.command = command
    }
}

extension Hook {
    init(_ fields: Fields) throws(ComposeError) {
        command = try fields.command("command")
        user = try fields.string("user")
        privileged = try fields.flag("privileged")
        workingDirectory = try fields.string("working_dir")
        environment = try fields.variables("environment")
        image = try fields.string("image")
        perReplica = try fields.flag("per_replica")
        extensions = fields.extensions
    }
}
