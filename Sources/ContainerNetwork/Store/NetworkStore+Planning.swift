import Addresses
import Linux

extension NetworkStore {
    /// A network whose addresses and names do not conflict with others on the host.
    func plan(
        _ specification: NetworkSpecification,
        _ options: BridgeOptions
    ) throws(NetworkError) -> BridgeNetwork {
        let pools = try AddressPlan.pools(for: specification, occupied: try occupied())
        return BridgeNetwork(
            specification: specification,
            id: randomIdentifier(),
            bridge: options.bridge ?? instance.bridge(network: specification.name),
            pools: pools,
            created: WallClock.now().seconds
        )
    }

    /// Other networks, the host's routes and addresses, and its name servers: a network that
    /// covered one of them would make it unreachable from the host.
    private func occupied() throws(NetworkError) -> [AddressPlan.Occupied] {
        let networks = try all().flatMap { network in
            network.pools.map {
                AddressPlan.Occupied(subnet: $0.subnet, network: "network '\(network.name)'")
            }
        }
        let host = try NetworkError.during("list the host's routes") {
            () throws(SystemCallError) in
            let own = try Self.subnets(of: RouteSocket())
            // Those of the host too, if this user's networks are in a namespace of their own.
            guard let host = try RouteSocket.ofHost() else { return own }
            return try own + Self.subnets(of: host)
        }
        let servers = ResolverConfiguration.ofHost().nameServers.compactMap {
            Subnet($0, prefixLength: $0.isIPv4 ? 32 : 128)
        }
        let subnets =
            host.compactMap { bytes, length in
                // The default route covers every address and does not count.
                IPAddress(bytes: bytes).flatMap {
                    length == 0 ? nil : Subnet($0, prefixLength: length)
                }
            } + servers
        return networks + subnets.map { AddressPlan.Occupied(subnet: $0, network: nil) }
    }

    private static func subnets(
        of socket: borrowing RouteSocket
    ) throws(SystemCallError) -> [(bytes: [UInt8], length: Int)] {
        try socket.routes().map { ($0.destination, $0.prefixLength) }
            + socket.addresses().map { ($0.address, $0.prefixLength) }
    }

    private func randomIdentifier() -> String {
        var generator = SystemRandomNumberGenerator()
        return (0..<4).map { _ in
            let text = String(generator.next(), radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
    }
}
