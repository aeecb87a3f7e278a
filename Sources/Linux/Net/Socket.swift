import CLinux
import Glibc
public import SystemPackage

/// An internet socket that never waits; it belongs to the network namespace it was made in.
///
/// Source: socket(2), ip(7), tcp(7), udp(7).
public struct Socket: ~Copyable, Sendable {
    /// For watching in an event loop.
    public var number: Int32 { descriptor.number }
    private let descriptor: Descriptor

    private init(owning number: Int32) { descriptor = Descriptor(owning: number) }

    private init(_ type: __socket_type, _ address: SocketAddress) throws(SystemCallError) {
        let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let family = address.family
        let made = Descriptor(
            owning: try systemCall("socket", "") { socket(family, Int32(type.rawValue) | flags, 0) }
        )
        // An IPv6 socket that also took IPv4 would hide who really holds an IPv4 port.
        if family == AF_INET6 {
            try setOption(made.number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1)
        }
        descriptor = made
    }

    /// A datagram socket at `address`; port 0 is any free one.
    public static func datagrams(at address: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try Socket(SOCK_DGRAM, address)
        try socket.bind(to: address)
        return socket
    }

    /// A datagram socket that talks to `peer` only, from a random port.
    public static func datagrams(to peer: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try Socket(SOCK_DGRAM, peer)
        try socket.connect(to: peer)
        return socket
    }

    /// A stream socket that listens at `address`; port 0 is any free one.
    public static func listening(at address: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try Socket(SOCK_STREAM, address)
        let number = socket.number
        // Connections of the past do not keep the port; another listener still does.
        try setOption(number, SOL_SOCKET, SO_REUSEADDR, 1)
        try socket.bind(to: address)
        try systemCall("listen", "port \(address.port)") { listen(number, 512) }
        return socket
    }

    /// A stream socket on its way to `peer`: it turns writable when `pendingError` tells how
    /// that went.
    public static func stream(to peer: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try Socket(SOCK_STREAM, peer)
        do {
            try socket.connect(to: peer)
        } catch  where error.reason == .nowInProgress {}
        return socket
    }

    /// The next connection that waits; nil when there is none.
    public func accept() throws(SystemCallError) -> Socket? {
        let number = self.number
        do {
            return Socket(owning: try systemCall("accept4", "") { clinux_accept(number) })
        } catch  where error.isNothingToDo || error.reason == .connectionAbort {
            return nil
        }
    }

    /// The address and port of this end.
    public func localAddress() throws(SystemCallError) -> SocketAddress {
        let number = self.number
        var bytes = [UInt8](repeating: 0, count: 28)
        var length = socklen_t(28)
        try systemCall("getsockname", "") {
            unsafe bytes.withUnsafeMutableBytes { buffer in
                let address = unsafe buffer.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                return unsafe getsockname(number, address, &length)
            }
        }
        guard let address = SocketAddress(encoded: bytes.prefix(Int(length))) else {
            throw SystemCallError(call: "getsockname", subject: "", reason: .invalidArgument)
        }
        return address
    }

    /// What went wrong since it was asked last, such as a refused connection.
    public func pendingError() -> Errno? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let result = unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length)
        return result == 0 && code != 0 ? Errno(rawValue: code) : nil
    }

    /// Tells the peer that nothing more will come; what it sends is still received.
    public func finishWriting() { shutdown(number, Int32(SHUT_WR)) }

    /// Makes closing throw away what was not sent and tell the peer of a broken connection.
    public func breakOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &option, size)
    }

    /// Sends small pieces at once instead of waiting for more.
    public func sendAtOnce() {
        var on: Int32 = 1
        _ = unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
    }

    private func bind(to address: SocketAddress) throws(SystemCallError) {
        try unsafe call("bind", address) { unsafe Glibc.bind($0, $1, $2) }
    }

    private func connect(to peer: SocketAddress) throws(SystemCallError) {
        try unsafe call("connect", peer) { unsafe Glibc.connect($0, $1, $2) }
    }

    private func call(
        _ name: String,
        _ address: SocketAddress,
        _ body: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32
    ) throws(SystemCallError) {
        let number = self.number
        let bytes = address.encoded
        try systemCall(name, "port \(address.port)") {
            unsafe bytes.withUnsafeBytes { buffer in
                let pointer = unsafe buffer.baseAddress?.assumingMemoryBound(to: sockaddr.self)
                return unsafe body(number, pointer, socklen_t(buffer.count))
            }
        }
    }
}

extension SystemCallError {
    /// Whether the call would have had to wait.
    var isNothingToDo: Bool { reason == .wouldBlock || reason == .resourceTemporarilyUnavailable }
}
