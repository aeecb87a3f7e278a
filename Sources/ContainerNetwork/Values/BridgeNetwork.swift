public import Addresses

/// An existing network: its specification and what was allocated for it.
public struct BridgeNetwork: Codable, Equatable, Sendable {
    /// A block of addresses that the network uses.
    public struct Pool: Codable, Equatable, Sendable {
        public var subnet: Subnet
        /// The part of the subnet from which addresses are allocated.
        public var range: Subnet
        /// The bridge's own address, the containers' gateway.
        public var gateway: IPAddress
        /// Addresses that are never allocated.
        public var reserved: [IPAddress]
    }

    public var specification: NetworkSpecification
    /// 64 hexadecimal digits.
    public var id: String
    /// The bridge's interface name on the host.
    public var bridge: String
    /// IPv4 first, and at least one.
    public var pools: [Pool]
    /// Seconds since the Unix epoch.
    public var created: Int64

    public var name: String { specification.name }
    public var isInternal: Bool { specification.isInternal }
    public var labels: [String: String] { specification.labels }

    public var ipv4: Pool? { pools.first(where: \.subnet.isIPv4) }
    public var ipv6: Pool? { pools.first { !$0.subnet.isIPv4 } }
}
