/// What some changes call for, service by service.
public struct WatchBatch: Sendable, Equatable {
    /// A file of this machine and where it goes in a container.
    public struct Copy: Codable, Sendable, Hashable {
        public var source: String
        /// Absolute.
        public var target: String

        public init(source: String, target: String) {
            self.source = source
            self.target = target
        }
    }

    /// One rule's command, to be run in a service's containers.
    public struct Command: Sendable, Equatable {
        public var service: String
        /// Which of the service's rules has it.
        public var rule: Int
    }

    /// Services whose images are built and whose containers are replaced.
    public var rebuilds: [String] = []
    /// What is copied, or removed where it is gone, by service; each target once.
    public var copies: [String: [Copy]] = [:]
    /// Services that are restarted once everything is copied.
    public var restarts: [String] = []
    /// Commands that are run at last.
    public var commands: [Command] = []

    public init() {}

    public var isEmpty: Bool { self == WatchBatch() }
}
