public import Addresses

/// A network that exists: what was asked for, and what it got.
public struct BridgeNetwork: Codable, Equatable, Sendable {
    /// A block of addresses in use.
    public struct Pool: Codable, Equatable, Sendable {
        public var subnet: Subnet
        /// Where addresses are taken from unasked.
        public var range: Subnet
        /// The bridge's own address, which containers use as their way out.
        public var gateway: IPAddress
        /// Addresses never given out.
        public var reserved: [IPAddress]
    }

    public var specification: NetworkSpecification
    /// Sixty-four hexadecimal digits.
    public var id: String
    /// The bridge's interface name on the host.
    public var bridge: String
    /// IPv4 first, and at least one.
    public var pools: [Pool]
    /// Seconds since 1970.
    public var created: Int64

    public var name: String { specification.name }
    public var isInternal: Bool { specification.isInternal }
    public var labels: [String: String] { specification.labels }

    /// The host's address that ports of the network's containers are published at when they do
    /// not ask for one.
    public var hostBinding: IPAddress? {
        specification.options["com.docker.network.bridge.host_binding_ipv4"]
            .flatMap { IPAddress($0) }
    }

    public var ipv4: Pool? { pools.first(where: \.subnet.isIPv4) }
    public var ipv6: Pool? { pools.first { !$0.subnet.isIPv4 } }
}
