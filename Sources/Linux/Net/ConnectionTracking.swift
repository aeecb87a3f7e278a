import CLinux
import Glibc
import SystemPackage

/// The kernel's table of tracked connections, which directs translated packets.
public enum ConnectionTracking {
    /// Deletes all connections answered by `address` in the thread's network namespace.
    ///
    /// Otherwise a continuous sender of datagrams would keep using the destination of its first
    /// datagram. Source: nf_conntrack_netlink.c; Linux 5.8.
    public static func forget(answeredBy address: [UInt8]) throws(SystemCallError) {
        let isIPv4 = address.count == 4
        let family = UInt8(isIPv4 ? AF_INET : AF_INET6)
        // Version 1 makes the kernel evaluate the family.
        var message = NetlinkMessage(
            UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(IPCTNL_MSG_CT_DELETE.rawValue),
            fixed: [family, 1, 0, 0]
        )
        message.nest(CTA_TUPLE_REPLY.rawValue | nested) { tuple in
            tuple.nest(CTA_TUPLE_IP.rawValue | nested) {
                $0.attribute(isIPv4 ? CTA_IP_V4_SRC.rawValue : CTA_IP_V6_SRC.rawValue, address)
            }
        }
        message.nest(CTA_FILTER.rawValue | nested) {
            $0.attribute(CTA_FILTER_REPLY_FLAGS.rawValue, sourceAddress)
        }
        try NetlinkSocket(protocol: NETLINK_NETFILTER).apply([message], ["tracked connections"])
    }

    /// NLA_F_NESTED, which conntrack requires.
    private static let nested: UInt32 = 1 << 15
    /// The first filter flag: compare the source address.
    private static let sourceAddress: UInt32 = 1
}
