import CLinux
import Glibc
import SystemPackage

/// A netlink socket, which belongs to the network namespace it was opened in.
///
/// Source: netlink(7).
struct NetlinkSocket: ~Copyable, Sendable {
    /// A message of a reply, without its header.
    struct Reply {
        var sequence: UInt32
        var type: UInt16
        var body: ArraySlice<UInt8>
    }

    private let descriptor: Descriptor

    init(protocol number: Int32) throws(SystemCallError) {
        try self.init(
            Descriptor(
                owning: try systemCall("socket", "netlink") {
                    Glibc.socket(AF_NETLINK, Int32(SOCK_RAW.rawValue) | O_CLOEXEC, number)
                }
            )
        )
    }

    /// Takes ownership of a socket.
    init(_ socket: consuming Descriptor) throws(SystemCallError) {
        // With these options the kernel returns error messages and does not echo requests.
        for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK] {
            try setOption(socket.number, SOL_NETLINK, Int32(option), 1)
        }
        descriptor = socket
    }

    /// Sends all `messages` together and waits for all acknowledgements; throws the error of the
    /// first that failed, after all were processed.
    func apply(_ messages: [NetlinkMessage], _ subjects: [String]) throws(SystemCallError) {
        try send(messages, acknowledged: true)
        var failures: [Int: SystemCallError] = [:]
        var pending = messages.count
        while pending > 0 {
            for reply in try receive() where reply.type == UInt16(NLMSG_ERROR) {
                pending -= 1
                let index = Int(reply.sequence) - 1
                guard messages.indices.contains(index) else { continue }
                failures[index] = Self.failure(reply, messages[index], subjects[index])
            }
        }
        if let first = failures.min(by: { $0.key < $1.key }) { throw first.value }
    }

    /// Sends a request with any number of replies.
    func dump(_ message: NetlinkMessage, _ subject: String) throws(SystemCallError) -> [Reply] {
        try send([message], acknowledged: false)
        var replies: [Reply] = []
        while true {
            for reply in try receive() {
                if reply.type == UInt16(NLMSG_DONE) { return replies }
                if reply.type == UInt16(NLMSG_ERROR) {
                    if let failure = Self.failure(reply, message, subject) { throw failure }
                    return replies
                }
                replies.append(reply)
            }
        }
    }

    /// Sends a request with one reply.
    func get(_ message: NetlinkMessage, _ subject: String) throws(SystemCallError) -> Reply? {
        try send([message], acknowledged: false)
        for reply in try receive() {
            guard reply.type == UInt16(NLMSG_ERROR) else { return reply }
            if let failure = Self.failure(reply, message, subject) { throw failure }
        }
        return nil
    }

    private func send(_ messages: [NetlinkMessage], acknowledged: Bool) throws(SystemCallError) {
        var bytes: [UInt8] = []
        for (index, message) in messages.enumerated() {
            bytes += message.encoded(sequence: UInt32(index + 1), acknowledged: acknowledged)
        }
        let number = descriptor.number
        try systemCall("sendto", "netlink") {
            unsafe bytes.withUnsafeBytes { unsafe Glibc.send(number, $0.baseAddress, $0.count, 0) }
        }
    }

    private func receive() throws(SystemCallError) -> [Reply] {
        let number = descriptor.number
        var bytes = [UInt8](repeating: 0, count: 32768)
        let count = try systemCall("recvfrom", "netlink") {
            unsafe bytes.withUnsafeMutableBytes {
                unsafe recv(number, $0.baseAddress, $0.count, 0)
            }
        }
        return Self.split(bytes[..<count])
    }

    private static func split(_ bytes: ArraySlice<UInt8>) -> [Reply] {
        var replies: [Reply] = []
        var rest = bytes
        while let length = UInt32(native: rest), length >= 16, length <= rest.count,
            let type = UInt16(native: rest.dropFirst(4)),
            let sequence = UInt32(native: rest.dropFirst(8))
        {
            let body = rest.prefix(Int(length)).dropFirst(16)
            replies.append(Reply(sequence: sequence, type: type, body: body))
            rest = rest.dropFirst((Int(length) + 3) / 4 * 4)
        }
        return replies
    }

    /// The error in an acknowledgement; nil on success.
    private static func failure(
        _ reply: Reply,
        _ message: NetlinkMessage,
        _ subject: String
    ) -> SystemCallError? {
        guard let code = Int32(native: reply.body), code != 0 else { return nil }
        // The error code and the request's header precede the attributes.
        let words = NetlinkAttributes(reply.body.dropFirst(20)).text(NLMSGERR_ATTR_MSG.rawValue)
        return SystemCallError(
            call: "netlink \(message.type)",
            subject: words.map { "\(subject) (\($0))" } ?? subject,
            reason: Errno(rawValue: -code)
        )
    }
}

/// Sets an integer socket option.
func setOption(
    _ socket: Int32,
    _ level: Int32,
    _ name: Int32,
    _ value: Int32
) throws(SystemCallError) {
    try systemCall("setsockopt", "option \(name)") {
        unsafe withUnsafeBytes(of: value) {
            unsafe setsockopt(socket, level, name, $0.baseAddress, socklen_t($0.count))
        }
    }
}
