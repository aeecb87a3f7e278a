import CLinux
import Glibc
public import SystemPackage

/// A connection to the holder of this user's namespaces, which stays while a connection exists.
public struct NamespaceHolder: ~Copyable, Sendable {
    private let socket: MessageSocket

    /// Connects to the holder that listens at `path`; throws `ENOENT` or `ECONNREFUSED` if there is
    /// none, and `EPERM` if the listener belongs to another user.
    public init(at path: FilePath) throws(SystemCallError) {
        let connected = try MessageSocket.connect(to: path)
        guard try Self.peer(of: connected).user == geteuid() else {
            throw SystemCallError(call: "connect", subject: path.string, reason: .notPermitted)
        }
        socket = connected
    }

    /// The holder's process.
    public borrowing func process() throws(SystemCallError) -> ProcessHandle {
        try ProcessHandle(pid: Self.peer(of: socket).pid)
    }

    /// The user's network namespace.
    public borrowing func network() throws(SystemCallError) -> Descriptor {
        try request(family: Int32(CLINUX_HOLD_NETWORK))
    }

    /// Opens a socket in the host's network namespace, bound to `address` and listening if these
    /// are given.
    borrowing func open(
        family: Int32,
        type: Int32,
        protocol number: Int32 = 0,
        at address: SocketAddress? = nil,
        backlog: Int32 = 0
    ) throws(SystemCallError) -> Descriptor {
        try request(
            family: family,
            type: type,
            protocol: number,
            backlog: backlog,
            address: address?.encoded ?? [],
            subject: address.map { "port \($0.port)" } ?? "socket"
        )
    }

    /// Asks the holder to end once no other process is connected, and waits for that at most two
    /// seconds.
    public borrowing func leave() throws(SystemCallError) {
        try socket.send(Self.encoded(family: Int32(CLINUX_HOLD_LEAVE)))
        let descriptors = [socket.descriptor.number]
        _ = unsafe clinux_wait_readable(descriptors, 1, 2_000)
    }

    /// Keeps the connection, and thereby the holder, until this process exits or executes another
    /// program.
    public consuming func stay() { _ = socket.descriptor.release() }

    private borrowing func request(
        family: Int32,
        type: Int32 = 0,
        protocol number: Int32 = 0,
        backlog: Int32 = 0,
        address: [UInt8] = [],
        subject: String = "network namespace"
    ) throws(SystemCallError) -> Descriptor {
        try socket.send(
            Self.encoded(
                family: family,
                type: type,
                protocol: number,
                backlog: backlog,
                address: address
            )
        )
        guard var answer = try socket.receive(), let code = Int32(native: answer.bytes[...]) else {
            throw SystemCallError(call: "recvmsg", subject: "holder", reason: .connectionReset)
        }
        guard code == 0, let file = answer.takeFile() else {
            throw SystemCallError(call: "bind", subject: subject, reason: Errno(rawValue: code))
        }
        return file
    }

    /// The request as the holder reads it: `struct clinux_hold_request`.
    private static func encoded(
        family: Int32,
        type: Int32 = 0,
        protocol number: Int32 = 0,
        backlog: Int32 = 0,
        address: [UInt8] = []
    ) -> [UInt8] {
        let room = [UInt8](repeating: 0, count: 28 - address.count)
        return [family, type, number, backlog].flatMap(\.nativeBytes)
            + UInt32(address.count).nativeBytes + address + room
    }

    private static func peer(
        of socket: borrowing MessageSocket
    ) throws(SystemCallError) -> (pid: Int32, user: UInt32) {
        var (pid, user): (Int32, UInt32) = (-1, .max)
        let number = socket.descriptor.number
        try systemCall("getsockopt", "SO_PEERCRED") { unsafe clinux_peer(number, &pid, &user) }
        return (pid, user)
    }
}
