import CLinux

/// A kernel buffer for moving bytes between two sockets without copying them.
///
/// Source: splice(2).
public struct SplicePipe: ~Copyable, Sendable {
    /// The result of one transfer.
    public enum Outcome: Equatable, Sendable {
        case moved(Int)
        /// The source has ended.
        case ended
        /// The transfer would block.
        case blocked
    }

    private let pipe: Pipe

    public init() throws(SystemCallError) { pipe = try Pipe() }

    /// Moves up to `count` bytes from a socket to the buffer.
    public func fill(from socket: borrowing Socket, _ count: Int) throws(SystemCallError) -> Outcome
    {
        try Self.move(socket.number, pipe.writeEnd.number, count)
    }

    /// Moves up to `count` bytes from the buffer to a socket.
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
        } catch  where error.wouldBlock {
            return .blocked
        }
    }
}
