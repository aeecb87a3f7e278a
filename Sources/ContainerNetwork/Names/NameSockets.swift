import Addresses
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
        let rules = Self.redirection(
            udp: try datagrams.localAddress().port,
            tcp: try streams.localAddress().port
        )
        try NetworkNamespace.inside(namespace) { () throws(SystemCallError) in
            // Removing a table makes the kernel wait until nobody looks at it: only if there is one.
            let isTakeover = try NFTables.exists(.ipv4, table: Self.table)
            try NFTables().run((isTakeover ? "delete table ip \(Self.table)\n" : "") + rules)
        }
        self.datagrams = datagrams
        self.streams = streams
    }

    private static let table = "swiftcompose"

    /// Rewrites the port in the packets themselves, on their way to us and back. Translating
    /// addresses instead would make the kernel track every connection of the container. Questions
    /// are changed before anything of the container's sees them, answers after that.
    private static func redirection(udp: UInt16, tcp: UInt16) -> String {
        """
        table ip \(table) {
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
