import DNS
import Linux

/// The sockets inside a container at which its questions arrive.
struct NameSockets: ~Copyable {
    let datagrams: Socket
    let streams: Socket

    /// Opens both in `namespace` and leads port 53 there to them.
    init(in namespace: borrowing Descriptor) throws(SystemCallError) {
        let address = SocketAddress(address: nameServerAddress.bytes, port: 0)
        let datagrams = try NetworkNamespace.inside(namespace) {
            () throws(SystemCallError) -> Socket in
            try .datagrams(at: address)
        }
        let streams = try NetworkNamespace.inside(namespace) {
            () throws(SystemCallError) -> Socket in
            try .listening(at: address)
        }
        let ports = (try datagrams.localAddress().port, try streams.localAddress().port)
        let filter = try NetworkNamespace.inside(namespace, NFTables.init)
        try filter.run(Self.redirection(udp: ports.0, tcp: ports.1))
        self.datagrams = datagrams
        self.streams = streams
    }

    /// Rewrites the port in the packets themselves, on their way to us and back. Translating
    /// addresses instead would make the kernel track every connection of the container. Questions
    /// are changed before anything of the container's sees them, answers after that.
    private static func redirection(udp: UInt16, tcp: UInt16) -> String {
        """
        add table ip swiftcompose
        delete table ip swiftcompose
        table ip swiftcompose {
            chain questions {
                type filter hook output priority -300;
                ip daddr \(nameServerAddress) udp dport 53 udp dport set \(udp)
                ip daddr \(nameServerAddress) tcp dport 53 tcp dport set \(tcp)
            }
            chain answers {
                type filter hook output priority 300;
                ip saddr \(nameServerAddress) udp sport \(udp) udp sport set 53
                ip saddr \(nameServerAddress) tcp sport \(tcp) tcp sport set 53
            }
        }

        """
    }
}

/// 127.0.0.11, which every container on our networks asks.
let nameServerAddress = IPv4Address(rawValue: 0x7f00_000b)
