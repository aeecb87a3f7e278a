import Addresses
import Linux

/// The sockets in a container's network namespace that receive its queries.
struct NameSockets: ~Copyable {
    let datagrams: Socket
    let streams: Socket

    /// Opens both in `namespace` and redirects port 53 there to them.
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
            // Deleting a table waits for an RCU grace period: only if there is one.
            let isTakeover = try NFTables.exists(.ipv4, table: Self.table)
            try NFTables.run((isTakeover ? "delete table ip \(Self.table)\n" : "") + rules)
        }
        self.datagrams = datagrams
        self.streams = streams
    }

    private static let table = "swiftcompose"

    /// Rewrites the port in the packets themselves, in both directions. Address translation instead
    /// would make the kernel track every connection of the container. Queries are rewritten before
    /// the container's own rules see them, responses afterwards.
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

/// 127.0.0.11, the name server of every container on our networks.
let nameServerAddress = IPv4Address(rawValue: 0x7f00_000b)
