public import Linux

/// A message of an exec's new process before it executes its program.
public enum ExecReport: ~Copyable {
    /// The primary side of its terminal.
    case console(Descriptor)
    /// The reason why it cannot execute its program; the process exits.
    case failed(RuntimeError)

    /// Decodes a message of the new process; nil for any other message.
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

    /// Encodes the failure of a process to execute its program, as its creator reports it.
    public static func message(of error: RuntimeError) -> [UInt8] {
        [ChildMessage.failed] + error.encoded
    }

    /// Waits for the next report; nil when the process executes its program.
    static func receive(
        from socket: borrowing MessageSocket
    ) throws(RuntimeError) -> ExecReport? {
        let message = try RuntimeError.during(.wait, socket.receive())
        guard let message else { return nil }
        return ExecReport(message)
    }
}
