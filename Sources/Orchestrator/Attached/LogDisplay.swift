public import OCI

/// Where attached commands show the containers' output and the notices between its lines.
public struct LogDisplay: Sendable {
    /// A line of the command itself among the containers' lines.
    public enum Notice: Sendable, Equatable {
        case attaching(to: [String])
        case exited(String, Exit)
        case recreated(String)
        /// A line written by a hook that runs in the container `name`.
        case hookOutput(name: String, line: String, time: Timestamp)
        /// A line about watched files.
        case watch(String)
        /// The first interrupt stops the project; the second one kills it.
        case stopping
        /// A container's exit stops the project.
        case aborting
    }

    /// The end of a container's run.
    public struct Exit: Sendable, Equatable {
        /// Nil where it is unknown.
        public var code: Int32?
        public var isRestarting: Bool
        /// The OOM killer has killed a process of the container.
        public var ranOutOfMemory: Bool

        public init(code: Int32?, isRestarting: Bool = false, ranOutOfMemory: Bool = false) {
            self.code = code
            self.isRestarting = isRestarting
            self.ranOutOfMemory = ranOutOfMemory
        }
    }

    /// Adds a source of lines; lines refer to it by its position in the order of adding.
    public let addSource: @Sendable (String) -> Void
    /// Prints a line; false once the output is closed.
    public let print: @Sendable (LogLine) -> Bool
    /// Writes out the lines printed so far; false once the output is closed.
    public let flush: @Sendable () -> Bool
    public let show: @Sendable (Notice) -> Void

    public init(
        addSource: @escaping @Sendable (String) -> Void,
        print: @escaping @Sendable (LogLine) -> Bool,
        flush: @escaping @Sendable () -> Bool,
        show: @escaping @Sendable (Notice) -> Void
    ) {
        self.addSource = addSource
        self.print = print
        self.flush = flush
        self.show = show
    }
}

extension ContainerRecord {
    /// The container's name as logs show it: without its project, unless the Compose file set it.
    public var logName: String {
        let usual = "\(service)-\(number)"
        return name == "\(project)-\(usual)" ? usual : name
    }
}
