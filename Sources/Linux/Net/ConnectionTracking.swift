import CLinux
import Glibc
import SystemPackage

/// The kernel's memory of connections, by which translated packets find their way.
public enum ConnectionTracking {
    /// Forgets every connection that `address` answers, in the thread's network namespace.
    ///
    /// A sender of datagrams that never pauses would else be led for ever to where its first
    /// datagram was led. Source: nf_conntrack_netlink.c; Linux 5.8.
    public static func forget(answeredBy address: [UInt8]) throws(SystemCallError) {
        let isIPv4 = address.count == 4
        let family = UInt8(isIPv4 ? AF_INET : AF_INET6)
        // Version 1 makes the kernel look at the family.
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

    /// NLA_F_NESTED, which this part of the kernel insists on.
    private static let nested: UInt32 = 1 << 15
    /// The first flag of a filter: compare the source address.
    private static let sourceAddress: UInt32 = 1
}
