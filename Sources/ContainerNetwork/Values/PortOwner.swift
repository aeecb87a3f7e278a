/// The process that listens at one of the host's ports.
public struct PortOwner: Equatable, Sendable {
    public var pid: Int32
    /// The process's name and arguments.
    public var command: String

    public init(pid: Int32, command: String) {
        self.pid = pid
        self.command = command
    }
}

extension PortOwner: CustomStringConvertible {
    public var description: String { "process \(pid) (\(command))" }
}
