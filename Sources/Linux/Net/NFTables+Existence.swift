import CLinux
import Glibc
import SystemPackage

extension NFTables {
    /// Address families of tables.
    public enum Family: UInt8, Sendable {
        case inet = 1
        case ipv4 = 2
        case ipv6 = 10
    }

    /// Whether there is such a table, or such a chain in it, in the thread's namespace.
    ///
    /// One question to the kernel, a hundred times cheaper than a script.
    public static func exists(
        _ family: Family,
        table: String,
        chain: String? = nil
    ) throws(SystemCallError) -> Bool {
        let socket = try NetlinkSocket(protocol: NETLINK_NETFILTER)
        let subsystem = UInt16(NFNL_SUBSYS_NFTABLES) << 8
        let isTable = chain == nil
        var message = NetlinkMessage(
            subsystem | UInt16(isTable ? NFT_MSG_GETTABLE.rawValue : NFT_MSG_GETCHAIN.rawValue),
            fixed: [family.rawValue, UInt8(NFNETLINK_V0), 0, 0]
        )
        message.attribute(isTable ? NFTA_TABLE_NAME.rawValue : NFTA_CHAIN_TABLE.rawValue, table)
        if let chain { message.attribute(NFTA_CHAIN_NAME.rawValue, chain) }
        do {
            return try socket.get(message, "table \(table)") != nil
        } catch  where error.reason == .noSuchFileOrDirectory {
            return false
        }
    }
}
