import CLinux
import Glibc
public import SystemPackage

/// Reads and changes interfaces, addresses and routes of a network namespace.
///
/// Source: rtnetlink(7).
public struct RouteSocket: ~Copyable, Sendable {
    private let socket: NetlinkSocket

    /// Opens a socket in the calling thread's namespace, where it stays even if the thread leaves.
    public init() throws(SystemCallError) {
        socket = try NetlinkSocket(protocol: NETLINK_ROUTE)
    }

    /// Opens a socket in the host's network namespace; nil if that is the caller's.
    public static func ofHost() throws(SystemCallError) -> RouteSocket? {
        guard let holder = try HostNetwork.holder() else { return nil }
        let opened = try holder.open(
            family: AF_NETLINK,
            type: Int32(SOCK_RAW.rawValue),
            protocol: NETLINK_ROUTE
        )
        try opened.setNonBlocking(false)
        return RouteSocket(try NetlinkSocket(opened))
    }

    private init(_ socket: consuming NetlinkSocket) { self.socket = socket }

    /// Applies all `changes` in order with one system call; throws the first error after all were
    /// tried.
    public func apply(_ changes: [RouteChange]) throws(SystemCallError) {
        try socket.apply(changes.map(\.message), changes.map(\.subject))
    }

    /// All interfaces of the namespace.
    public func links() throws(SystemCallError) -> [Link] {
        let request = NetlinkMessage(
            UInt16(RTM_GETLINK),
            flags: NLM_F_ROOT | NLM_F_MATCH,
            fixed: RouteChange.interface(0)
        )
        return try socket.dump(request, "interfaces").compactMap { Link($0.body) }
    }

    /// The interface `name`; nil if there is none.
    public func link(named name: String) throws(SystemCallError) -> Link? {
        var request = NetlinkMessage(UInt16(RTM_GETLINK), fixed: RouteChange.interface(0))
        request.attribute(IFLA_IFNAME, name)
        do {
            return try socket.get(request, "interface \(name)").flatMap { Link($0.body) }
        } catch  where error.reason == .noSuchAddressOrDevice || error.reason == .noSuchDevice {
            return nil
        }
    }

    /// All addresses of the namespace.
    public func addresses() throws(SystemCallError) -> [InterfaceAddress] {
        let request = NetlinkMessage(
            UInt16(RTM_GETADDR),
            flags: NLM_F_ROOT | NLM_F_MATCH,
            fixed: [UInt8](repeating: 0, count: 8)
        )
        return try socket.dump(request, "addresses").compactMap { InterfaceAddress($0.body) }
    }

    /// All unicast routes of the namespace, except those in the local table.
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
    /// `ENODEV`: no such interface.
    public static var noSuchDevice: Errno { Errno(rawValue: Glibc.ENODEV) }
}
