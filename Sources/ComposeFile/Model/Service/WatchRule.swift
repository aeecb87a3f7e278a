/// The action taken when files below a path change.
public struct WatchRule: Sendable, Equatable {
    /// The kind of action.
    public enum Action: String, Sendable, Equatable {
        /// Rebuild the image and recreate the containers.
        case rebuild
        /// Restart the containers.
        case restart
        /// Copy the files into the containers.
        case sync
        /// Copy the files, then restart the containers.
        case syncAndRestart = "sync+restart"
        /// Copy the files, then run a command in the containers.
        case syncAndExec = "sync+exec"
    }

    /// The watched file or directory.
    public var path: String
    /// The kind of action.
    public var action: Action
    /// The destination path in the container.
    public var target: String?
    /// The command of `sync+exec`.
    public var exec: Hook?
    /// Patterns of files to include; all if empty.
    public var include: [String] = []
    /// Patterns of files to ignore.
    public var ignore: [String] = []
    /// Whether files are copied when watching starts.
    public var initialSync: Bool = false
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]

    /// Creates a rule without a target.
    public init(path: String, action: Action) {
        self.path = path
        self.action = action
    }
}

extension WatchRule {
    init(_ fields: Fields) throws(ComposeError) {
        path = try fields.required("path")
        action = try fields.word("action") ?? .rebuild
        target = try fields.string("target")
        exec = try fields.section("exec").map(Hook.init)
        include = try fields.strings("include")
        ignore = try fields.strings("ignore")
        initialSync = try fields.flag("initial_sync")
        extensions = fields.extensions
    }
}
