import CLinux
import CNFTables
import Glibc
import SystemPackage

/// Packet filter rules in the language of nft(8); each script is one transaction.
///
/// Source: libnftables(3).
@safe public enum NFTables {
    /// Runs `script` in the calling thread's network namespace, completely or not at all; returns
    /// the output of its `list` commands, with the rules' handles if `handles` is true.
    @discardableResult
    public static func run(
        _ script: String,
        handles: Bool = false
    ) throws(SystemCallError) -> String {
        let flags = UInt32(handles ? NFT_CTX_OUTPUT_HANDLE : 0)
        var outcome = unsafe cnftables_outcome()
        let error = unsafe cnftables_run(script, flags, &outcome)
        defer {
            unsafe free(outcome.output)
            unsafe free(outcome.message)
        }
        guard error == 0 else {
            throw SystemCallError(call: "nft", subject: "nftables", reason: Errno(rawValue: error))
        }
        guard unsafe outcome.status == 0 else {
            throw failure(unsafe text(outcome.message))
        }
        return unsafe text(outcome.output)
    }

    private static func text(_ buffer: UnsafePointer<CChar>?) -> String {
        guard let buffer = unsafe buffer else { return "" }
        return unsafe String(cString: buffer)
    }

    private static func failure(_ message: String) -> SystemCallError {
        SystemCallError(
            call: "nft",
            subject: message.isEmpty ? "packet filter rules" : summary(message),
            reason: reason(message)
        )
    }

    /// The kernel's error number, which libnftables reports as text only; a script rejected by the
    /// library itself is an invalid argument.
    private static func reason(_ message: String) -> Errno {
        let reasons = [
            Errno.noSuchFileOrDirectory, .fileExists, .resourceBusy, .notPermitted,
            .permissionDenied, .noMemory, .notSupportedOnSocket,
        ]
        let line = message.prefix { $0 != "\n" }
        return reasons.first { line.contains($0.description) } ?? .invalidArgument
    }

    /// The first error and the line of the script it refers to, on one line.
    private static func summary(_ message: String) -> String {
        let lines = message.split(separator: "\n").prefix(2)
        return lines.map { $0.drop { $0 == " " } }.joined(separator: ": ")
    }
}

extension NFTables {
    /// Address families of tables.
    public enum Family: UInt8, Sendable {
        case inet = 1
        case ipv4 = 2
        case ipv6 = 10
    }

    /// Whether a table, or a chain in it, exists in the thread's network namespace.
    ///
    /// A single netlink query, a hundred times faster than a script.
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
