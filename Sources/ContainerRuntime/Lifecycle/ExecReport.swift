public import Linux

/// A message to the client of an exec about the new process, before it executes its program.
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

    /// Encodes the reason why a process cannot execute its program.
    public static func message(of error: RuntimeError) -> [UInt8] {
        [ChildMessage.failed] + error.encoded
    }

    /// The message that carries the primary side of a terminal.
    public static let consoleMessage = [ChildMessage.created]
}
