import CLinux

/// The process that connected to a local socket, and its user. Source: unix(7), `SO_PEERCRED`.
public struct PeerCredentials: Sendable, Equatable {
    public var pid: Int32
    public var user: UInt32

    /// Asks the kernel for the peer of the connected socket `number`.
    public init(ofSocket number: Int32) throws(SystemCallError) {
        var (pid, user): (Int32, UInt32) = (0, 0)
        try systemCall("getsockopt", "SO_PEERCRED") { unsafe clinux_peer(number, &pid, &user) }
        self.pid = pid
        self.user = user
    }
}
