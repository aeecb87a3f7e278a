import CLinux
import CNFTables
import Glibc
import SystemPackage

/// Packet filter rules in the language of nft(8); each script is one transaction.
///
/// Operates on the network namespace in which it was created. Source: libnftables(3).
@safe public struct NFTables: ~Copyable {
    private let context: OpaquePointer

    /// Opens a context for the calling thread's network namespace.
    public init() throws(SystemCallError) {
        let opened = unsafe try SelectableDescriptor.whileFree {
            unsafe nft_ctx_new(UInt32(NFT_CTX_DEFAULT))
        }
        guard let context = unsafe opened else {
            throw SystemCallError(call: "nft_ctx_new", subject: "nftables", reason: .noMemory)
        }
        unsafe self.context = unsafe context
        unsafe nft_ctx_buffer_output(context)
        unsafe nft_ctx_buffer_error(context)
    }

    /// Runs `script` completely or not at all; returns the output of its `list` commands.
    @discardableResult
    public func run(_ script: String, handles: Bool = false) throws(SystemCallError) -> String {
        let flags = UInt32(handles ? NFT_CTX_OUTPUT_HANDLE : 0)
        unsafe nft_ctx_output_set_flags(context, flags)
        let result = unsafe nft_run_cmd_from_buffer(context, script)
        let output = unsafe Self.text(nft_ctx_get_output_buffer(context))
        let message = unsafe Self.text(nft_ctx_get_error_buffer(context))
        guard result == 0 else {
            throw SystemCallError(
                call: "nft",
                subject: message.isEmpty ? "packet filter rules" : Self.summary(message),
                reason: Self.reason(message)
            )
        }
        return output
    }

    deinit { unsafe nft_ctx_free(context) }

    private static func text(_ buffer: UnsafePointer<CChar>?) -> String {
        guard let buffer = unsafe buffer else { return "" }
        return unsafe String(cString: buffer)
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
