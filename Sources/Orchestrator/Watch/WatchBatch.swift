/// The actions for a batch of changes.
public struct WatchBatch: Sendable, Equatable {
    /// A file of the host and its destination in a container.
    public struct Copy: Codable, Sendable, Hashable {
        public var source: String
        /// Absolute.
        public var target: String

        public init(source: String, target: String) {
            self.source = source
            self.target = target
        }
    }

    /// The command of a rule, to run in a service's containers.
    public struct Command: Sendable, Equatable {
        public var service: String
        /// The index of the rule in the service.
        public var rule: Int
    }

    /// Services to rebuild and recreate.
    public var rebuilds: [String] = []
    /// Files to copy, or to remove if the source is missing, by service; each target once.
    public var copies: [String: [Copy]] = [:]
    /// Services to restart after copying.
    public var restarts: [String] = []
    /// Commands to run last.
    public var commands: [Command] = []

    public init() {}

    public var isEmpty: Bool { self == WatchBatch() }
}
