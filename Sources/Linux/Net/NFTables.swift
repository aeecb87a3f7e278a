import CNFTables
import Glibc
import SystemPackage

/// Changes packet filter rules in the language of nft(8), each script as one transaction.
///
/// It works on the network namespace it was made in. Source: libnftables(3).
@safe public struct NFTables: ~Copyable {
    private let context: OpaquePointer

    /// Opens a context for the namespace of the calling thread.
    public init() throws(SystemCallError) {
        guard let context = unsafe nft_ctx_new(UInt32(NFT_CTX_DEFAULT)) else {
            throw SystemCallError(call: "nft_ctx_new", subject: "nftables", reason: .noMemory)
        }
        unsafe self.context = unsafe context
        unsafe nft_ctx_buffer_output(context)
        unsafe nft_ctx_buffer_error(context)
    }

    /// Runs all of `script` or nothing of it; returns what its `list` commands print.
    @discardableResult
    public func run(_ script: String, handles: Bool = false) throws(SystemCallError) -> String {
        let flags = UInt32(handles ? NFT_CTX_OUTPUT_HANDLE : 0)
        unsafe nft_ctx_output_set_flags(context, flags)
        let result = unsafe nft_run_cmd_from_buffer(context, script)
        let output = unsafe Self.text(nft_ctx_get_output_buffer(context))
        let complaint = unsafe Self.text(nft_ctx_get_error_buffer(context))
        guard result == 0 else {
            throw SystemCallError(
                call: "nft",
                subject: complaint.isEmpty ? "packet filter rules" : Self.gist(complaint),
                reason: Self.reason(complaint)
            )
        }
        return output
    }

    deinit { unsafe nft_ctx_free(context) }

    private static func text(_ buffer: UnsafePointer<CChar>?) -> String {
        guard let buffer = unsafe buffer else { return "" }
        return unsafe String(cString: buffer)
    }

    /// The kernel's reason, which libnftables only tells in words; a script that it refused
    /// itself is an invalid argument.
    private static func reason(_ complaint: String) -> Errno {
        let reasons = [
            Errno.noSuchFileOrDirectory, .fileExists, .resourceBusy, .notPermitted,
            .permissionDenied, .noMemory, .notSupportedOnSocket,
        ]
        let line = complaint.prefix { $0 != "\n" }
        return reasons.first { line.contains($0.description) } ?? .invalidArgument
    }

    /// The first complaint with the line it is about, on one line.
    private static func gist(_ complaint: String) -> String {
        let lines = complaint.split(separator: "\n").prefix(2)
        return lines.map { $0.drop { $0 == " " } }.joined(separator: ": ")
    }
}
