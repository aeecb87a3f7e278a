public import Linux

/// What the new process of an exec tells before it has become its program.
public enum ExecReport: ~Copyable {
    /// The near side of its terminal.
    case console(Descriptor)
    /// Why it does not become its program; it ends.
    case failed(RuntimeError)

    /// Reads a message of the new process; nil when it comes from somebody else.
    public init?(_ message: consuming MessageSocket.Message) {
        switch message.bytes.first {
        case ChildMessage.created:
            guard let console = message.takeFile() else { return nil }
            self = .console(console)
        case ChildMessage.failed:
            let error = RuntimeError(decoding: Array(message.bytes.dropFirst()))
            self = .failed(error ?? .ended(.execute))
        default: return nil
        }
    }

    /// The message by which somebody else tells that a process does not become its program.
    public static func message(of error: RuntimeError) -> [UInt8] {
        [ChildMessage.failed] + error.encoded
    }

    /// Waits for the next one; nil once the program runs.
    static func receive(
        from socket: borrowing MessageSocket
    ) throws(RuntimeError) -> ExecReport? {
        let message = try attempt(.wait) { () throws(SystemCallError) in try socket.receive() }
        guard let message else { return nil }
        return ExecReport(message)
    }
}
