import Glibc

/// An IP address and port that sockets bind or connect to.
public struct SocketAddress: Hashable, Sendable {
    /// Four or sixteen bytes, in network byte order.
    public var address: [UInt8]
    public var port: UInt16
    /// The interface index of a link-local IPv6 address.
    public var scope: UInt32

    public init(address: [UInt8], port: UInt16, scope: UInt32 = 0) {
        self.address = address
        self.port = port
        self.scope = scope
    }

    var family: Int32 { address.count == 4 ? AF_INET : AF_INET6 }

    /// The address as sockaddr_in or sockaddr_in6. Source: ip(7), ipv6(7).
    var encoded: [UInt8] {
        let head = UInt16(family).nativeBytes + port.bigEndian.nativeBytes
        if address.count == 4 { return head + address + Array(repeating: 0, count: 8) }
        return head + UInt32(0).nativeBytes + address + scope.nativeBytes
    }

    init?(encoded bytes: ArraySlice<UInt8>) {
        guard let family = UInt16(native: bytes), let port = UInt16(native: bytes.dropFirst(2))
        else { return nil }
        switch Int32(family) {
        case AF_INET where bytes.count >= 8:
            address = Array(bytes.dropFirst(4).prefix(4))
            scope = 0
        case AF_INET6 where bytes.count >= 28:
            address = Array(bytes.dropFirst(8).prefix(16))
            scope = UInt32(native: bytes.dropFirst(24)) ?? 0
        default: return nil
        }
        self.port = UInt16(bigEndian: port)
    }
}
