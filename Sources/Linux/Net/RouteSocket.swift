import CLinux
import Glibc
public import SystemPackage

/// Reads and changes interfaces, addresses and routes of one network namespace.
///
/// Source: rtnetlink(7).
public struct RouteSocket: ~Copyable, Sendable {
    private let socket: NetlinkSocket

    /// Opens one for the namespace of the calling thread; it stays there wherever the thread goes.
    public init() throws(SystemCallError) {
        socket = try NetlinkSocket(protocol: NETLINK_ROUTE)
    }

    /// Makes all `changes` in order with one system call; throws the first refusal after all
    /// have been tried.
    public func apply(_ changes: [RouteChange]) throws(SystemCallError) {
        try socket.apply(changes.map(\.message), changes.map(\.subject))
    }

    /// Every interface of the namespace.
    public func links() throws(SystemCallError) -> [Link] {
        let request = NetlinkMessage(
            UInt16(RTM_GETLINK),
            flags: NLM_F_ROOT | NLM_F_MATCH,
            fixed: RouteChange.interface(0)
        )
        return try socket.dump(request, "interfaces").compactMap { Link($0.body) }
    }

    /// The interface called `name`; nil when there is none.
    public func link(named name: String) throws(SystemCallError) -> Link? {
        var request = NetlinkMessage(UInt16(RTM_GETLINK), fixed: RouteChange.interface(0))
        request.attribute(IFLA_IFNAME, name)
        do {
            return try socket.get(request, "interface \(name)").flatMap { Link($0.body) }
        } catch  where error.reason == .noSuchAddressOrDevice || error.reason == .noSuchDevice {
            return nil
        }
    }

    /// Every address of the namespace.
    public func addresses() throws(SystemCallError) -> [InterfaceAddress] {
        let request = NetlinkMessage(
            UInt16(RTM_GETADDR),
            flags: NLM_F_ROOT | NLM_F_MATCH,
            fixed: [UInt8](repeating: 0, count: 8)
        )
        return try socket.dump(request, "addresses").compactMap { InterfaceAddress($0.body) }
    }

    /// Every unicast route of the namespace, of all tables but the kernel's local one.
    public func routes() throws(SystemCallError) -> [Route] {
        let request = NetlinkMessage(
            UInt16(RTM_GETROUTE),
            flags: NLM_F_ROOT | NLM_F_MATCH,
            fixed: [UInt8](repeating: 0, count: 12)
        )
        return try socket.dump(request, "routes").compactMap { Route($0.body) }
    }
}

extension Errno {
    /// `ENODEV`: what the kernel says to the name of no interface.
    public static var noSuchDevice: Errno { Errno(rawValue: Glibc.ENODEV) }
}
