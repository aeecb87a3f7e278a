/// A command run at one moment of a container's life.
///
/// Source: Compose Specification, services, `pre_start`, `post_start` and `pre_stop`.
public struct Hook: Sendable, Equatable {
    /// The command; nil where the image's own is meant.
    public var command: [String]?
    /// Who runs it; nil is the service's user.
    public var user: String?
    /// Whether it has every capability.
    public var privileged: Bool = false
    /// Where it runs; nil is the service's directory.
    public var workingDirectory: String?
    /// Its own variables; nil for a name without any value.
    public var environment: [String: String?] = [:]
    /// The image, of a `pre_start` hook only; nil is the service's.
    public var image: String?
    /// Whether it runs for each container, of a `pre_start` hook only.
    public var perReplica: Bool = false
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a hook that runs `command`.
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
