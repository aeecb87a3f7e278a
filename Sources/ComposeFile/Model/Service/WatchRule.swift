/// What to do when files below a path change.
public struct WatchRule: Sendable, Equatable {
    /// What to do.
    public enum Action: String, Sendable, Equatable {
        /// Build the image and replace the containers.
        case rebuild
        /// Restart the containers.
        case restart
        /// Copy the files into the containers.
        case sync
        /// Copy, then restart.
        case syncAndRestart = "sync+restart"
        /// Copy, then run a command.
        case syncAndExec = "sync+exec"
    }

    /// The file or directory that is watched.
    public var path: String
    /// What to do.
    public var action: Action
    /// Where the files go in the container.
    public var target: String?
    /// The command of `sync+exec`.
    public var exec: Hook?
    /// Only files that match count, if any are given.
    public var include: [String] = []
    /// Files that match do not count.
    public var ignore: [String] = []
    /// Whether files are copied at the start already.
    public var initialSync: Bool = false
    /// Its `x-` keys.
    public var extensions: Extensions = [:]

    /// Makes a rule without a target.
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
