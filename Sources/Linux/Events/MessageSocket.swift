import CLinux
import Glibc
public import SystemPackage

/// One end of a local connection that preserves message boundaries. Source: unix(7),
/// `SOCK_SEQPACKET`.
public struct MessageSocket: ~Copyable, Sendable {
    /// A received message.
    public struct Message: ~Copyable {
        public let bytes: [UInt8]
        /// The descriptors that the peer attached.
        public let files: DescriptorList

        /// Removes and returns the next descriptor; nil when there is none left.
        public mutating func takeFile() -> Descriptor? { files.takeFirst() }
    }

    public let descriptor: Descriptor

    /// Takes ownership of an existing socket.
    public init(owning descriptor: consuming Descriptor) { self.descriptor = descriptor }

    /// Creates two connected sockets, both closed on exec; each number is for one `MessageSocket`.
    public static func pair() throws(SystemCallError) -> (Int32, Int32) {
        var ends: [Int32] = [-1, -1]
        try systemCall("socketpair", "sockets") { unsafe clinux_socket_pair(&ends) }
        return (ends[0], ends[1])
    }

    /// Listens at `path`; throws `EADDRINUSE` if the path exists.
    public static func listen(at path: FilePath) throws(SystemCallError) -> Descriptor {
        try LocalSocket.open(path, type, listening: true)
    }

    /// Connects to the listener at `path`; throws `ENOENT` or `ECONNREFUSED` if there is none.
    public static func connect(to path: FilePath) throws(SystemCallError) -> MessageSocket {
        MessageSocket(owning: try LocalSocket.open(path, type, listening: false))
    }

    /// Waits for the next connection.
    public static func accept(
        on listener: borrowing Descriptor
    ) throws(SystemCallError) -> MessageSocket {
        let number = listener.number
        return MessageSocket(
            owning: Descriptor(
                owning: try systemCall("accept4", "descriptor \(number)") {
                    clinux_accept_waiting(number)
                }
            )
        )
    }

    private static let type = Int32(SOCK_SEQPACKET.rawValue)

    /// Sends a message; throws `EPIPE` if the peer has closed.
    public borrowing func send(_ message: [UInt8]) throws(SystemCallError) {
        try send(message, file: -1)
    }

    /// Sends a message with a descriptor.
    public borrowing func send(
        _ message: [UInt8],
        with file: borrowing Descriptor
    ) throws(SystemCallError) {
        try send(message, file: file.number)
    }

    /// Sends a message with the descriptor `file`, or with none if it is -1.
    public borrowing func send(_ message: [UInt8], file: Int32) throws(SystemCallError) {
        try Self.send(message, file: file, to: descriptor.number)
    }

    /// Sends a message with up to 32 descriptors; throws `EINVAL` for more.
    public borrowing func send(
        _ message: [UInt8],
        with files: DescriptorList
    ) throws(SystemCallError) {
        try Self.send(message, files: files.numbers, to: descriptor.number)
    }

    /// Sends a message through a socket owned by the caller.
    public static func send(
        _ message: [UInt8],
        file: Int32 = -1,
        to socket: Int32
    ) throws(SystemCallError) {
        try send(message, files: file < 0 ? [] : [file], to: socket)
    }

    private static func send(
        _ message: [UInt8],
        files: [Int32],
        to socket: Int32
    ) throws(SystemCallError) {
        try systemCall("sendmsg", "socket") {
            unsafe clinux_send(socket, message, message.count, files, files.count)
        }
    }

    /// Whether `receive` returns at once: a message is pending or the peer has closed.
    public borrowing func hasMessage() throws(SystemCallError) -> Bool {
        let number = descriptor.number
        return try systemCall("recv", "socket") { clinux_message_waits(number) } == 1
    }

    /// Waits for the next message; returns nil when the peer has closed.
    public borrowing func receive(upTo limit: Int = 65_536) throws(SystemCallError) -> Message? {
        do {
            return try receiveOnce(upTo: limit)
        } catch  where error.reason == .connectionReset {
            // The peer closed without reading everything; the kernel reports that before its last
            // messages.
            return try receiveOnce(upTo: limit)
        }
    }

    private borrowing func receiveOnce(upTo limit: Int) throws(SystemCallError) -> Message? {
        let number = descriptor.number
        let length = try systemCall("recv", "socket") { clinux_message_length(number) }
        if length == 0 { return nil }
        let room = min(length, limit)
        var bytes = [UInt8](repeating: 0, count: room)
        var files = [Int32](repeating: -1, count: clinux_file_limit)
        var fileCount = 0
        let count = try systemCall("recvmsg", "socket") {
            unsafe clinux_receive(number, &bytes, room, &files, &fileCount)
        }
        bytes.removeLast(room - count)
        files.removeLast(files.count - fileCount)
        return Message(bytes: bytes, files: DescriptorList(owning: files))
    }
}
