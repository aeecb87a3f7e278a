import CLinux

/// A kernel buffer that bytes are moved through between two sockets without being copied.
///
/// Source: splice(2).
public struct SplicePipe: ~Copyable, Sendable {
    /// What became of one attempt.
    public enum Outcome: Equatable, Sendable {
        case moved(Int)
        /// The source has ended.
        case ended
        /// Neither side can go on now.
        case blocked
    }

    private let pipe: Pipe

    public init() throws(SystemCallError) { pipe = try Pipe() }

    /// Takes at most `count` bytes out of a socket.
    public func fill(from socket: borrowing Socket, _ count: Int) throws(SystemCallError) -> Outcome
    {
        try Self.move(socket.number, pipe.writeEnd.number, count)
    }

    /// Puts at most `count` bytes into a socket.
    public func drain(to socket: borrowing Socket, _ count: Int) throws(SystemCallError) -> Outcome
    {
        try Self.move(pipe.readEnd.number, socket.number, count)
    }

    private static func move(
        _ from: Int32,
        _ to: Int32,
        _ count: Int
    ) throws(SystemCallError) -> Outcome {
        do {
            let moved = try systemCall("splice", "") { clinux_splice(from, to, count) }
            return moved == 0 ? .ended : .moved(moved)
        } catch  where error.isNothingToDo {
            return .blocked
        }
    }
}
