import Glibc
import SystemPackage

/// The host's network, for processes that have joined a user's own network namespace: sockets are
/// opened there by the holder.
public enum HostNetwork {
    /// Returns a new connection to the holder; nil for root, which is in the host's network.
    static func holder() throws(SystemCallError) -> NamespaceHolder? {
        guard let path = UserNamespace.holder else { return nil }
        return try NamespaceHolder(at: path)
    }

    /// The address from which this host would reach `peer`; nil if it would not.
    public static func ownAddress(towards peer: SocketAddress) throws(SystemCallError) -> [UInt8]? {
        guard let holder = try holder() else { return nil }
        let socket = Socket(try holder.open(family: peer.family, type: Int32(SOCK_DGRAM.rawValue)))
        do {
            try socket.connect(to: peer)
        } catch  where [.networkUnreachable, .hostIsDown, .noRouteToHost].contains(error.reason) {
            return nil
        }
        return try socket.localAddress().address
    }
}
