import CLinux
import Glibc
public import SystemPackage

/// A nonblocking internet socket, which belongs to the network namespace it was created in.
///
/// Source: socket(2), ip(7), tcp(7), udp(7).
public struct Socket: ~Copyable, Sendable {
    /// The descriptor, for an event loop.
    public var number: Int32 { descriptor.number }
    private let descriptor: Descriptor

    private init(owning number: Int32) { descriptor = Descriptor(owning: number) }

    /// Takes ownership of a nonblocking socket.
    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    private init(_ type: __socket_type, _ address: SocketAddress) throws(SystemCallError) {
        let flags = Int32(SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let family = address.family
        let made = Descriptor(
            owning: try systemCall("socket", "") { socket(family, Int32(type.rawValue) | flags, 0) }
        )
        // A dual-stack socket would hide the owner of an IPv4 port.
        if family == AF_INET6 {
            try setOption(made.number, Int32(IPPROTO_IPV6), IPV6_V6ONLY, 1)
        }
        descriptor = made
    }

    /// Creates a datagram socket bound to `address`; port 0 selects a free one.
    public static func datagrams(at address: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try Socket(SOCK_DGRAM, address)
        try socket.bind(to: address)
        return socket
    }

    /// The same in the host's network, also for a process in a user's own network namespace.
    public static func hostDatagrams(at address: SocketAddress) throws(SystemCallError) -> Socket {
        guard let holder = try HostNetwork.holder() else { return try datagrams(at: address) }
        let type = Int32(SOCK_DGRAM.rawValue)
        return Socket(try holder.open(family: address.family, type: type, at: address))
    }

    /// Creates a datagram socket connected to `peer`, from an ephemeral port.
    public static func datagrams(to peer: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try Socket(SOCK_DGRAM, peer)
        try socket.connect(to: peer)
        return socket
    }

    /// Creates a listening stream socket at `address`; port 0 selects a free one.
    public static func listening(at address: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try Socket(SOCK_STREAM, address)
        let number = socket.number
        // Closed connections do not block the port; another listener still does.
        try setOption(number, SOL_SOCKET, SO_REUSEADDR, 1)
        try socket.bind(to: address)
        try systemCall("listen", "port \(address.port)") { listen(number, 512) }
        return socket
    }

    /// The same in the host's network, also for a process in a user's own network namespace.
    public static func hostListening(at address: SocketAddress) throws(SystemCallError) -> Socket {
        guard let holder = try HostNetwork.holder() else { return try listening(at: address) }
        return Socket(
            try holder.open(
                family: address.family,
                type: Int32(SOCK_STREAM.rawValue),
                at: address,
                backlog: 512
            )
        )
    }

    /// Starts connecting a stream socket to `peer`; it becomes writable when `pendingError` holds
    /// the result.
    public static func stream(to peer: SocketAddress) throws(SystemCallError) -> Socket {
        let socket = try Socket(SOCK_STREAM, peer)
        do {
            try socket.connect(to: peer)
        } catch  where error.reason == .nowInProgress {}
        return socket
    }

    /// Accepts the next pending connection; nil if there is none.
    public func accept() throws(SystemCallError) -> Socket? {
        let number = self.number
        do {
            return Socket(owning: try systemCall("accept4", "") { clinux_accept(number) })
        } catch  where error.wouldBlock || error.reason == .connectionAbort {
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

    /// Returns and clears the pending error, such as a refused connection.
    public func pendingError() -> Errno? {
        var code: Int32 = 0
        var length = socklen_t(MemoryLayout<Int32>.size)
        let result = unsafe getsockopt(number, SOL_SOCKET, SO_ERROR, &code, &length)
        return result == 0 && code != 0 ? Errno(rawValue: code) : nil
    }

    /// Shuts down the sending direction; receiving remains possible.
    public func finishWriting() { shutdown(number, Int32(SHUT_WR)) }

    /// Makes closing discard unsent data and reset the connection.
    public func resetOnClose() {
        var option = linger(l_onoff: 1, l_linger: 0)
        let size = socklen_t(MemoryLayout<linger>.size)
        _ = unsafe setsockopt(number, SOL_SOCKET, SO_LINGER, &option, size)
    }

    /// Disables Nagle's algorithm: small writes are sent without delay.
    public func disableDelay() {
        var on: Int32 = 1
        _ = unsafe setsockopt(number, Int32(IPPROTO_TCP), TCP_NODELAY, &on, 4)
    }

    private func bind(to address: SocketAddress) throws(SystemCallError) {
        try unsafe call("bind", address) { unsafe Glibc.bind($0, $1, $2) }
    }

    func connect(to peer: SocketAddress) throws(SystemCallError) {
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
    /// Whether the call would have blocked.
    var wouldBlock: Bool { reason == .wouldBlock || reason == .resourceTemporarilyUnavailable }
}
