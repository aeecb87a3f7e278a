public import Addresses

/// The desired configuration of a network.
public struct NetworkSpecification: Codable, Equatable, Sendable {
    /// A requested block of addresses.
    ///
    /// Source: Compose Specification, networks, `ipam.config`.
    public struct Pool: Codable, Equatable, Sendable {
        public var subnet: Subnet
        /// The part of the subnet from which addresses are allocated; default: all of it.
        public var range: Subnet?
        /// The bridge's own address; default: the first usable one.
        public var gateway: IPAddress?
        /// Addresses that are never allocated, by the name of the device that uses them.
        public var auxiliaryAddresses: [String: IPAddress]

        public init(
            subnet: Subnet,
            range: Subnet? = nil,
            gateway: IPAddress? = nil,
            auxiliaryAddresses: [String: IPAddress] = [:]
        ) {
            self.subnet = subnet
            self.range = range
            self.gateway = gateway
            self.auxiliaryAddresses = auxiliaryAddresses
        }
    }

    /// Unique on the machine: letters, digits, `_`, `.` and `-`.
    public var name: String
    public var enableIPv4: Bool
    public var enableIPv6: Bool
    /// At most one of each family; a family without one gets a free block.
    public var pools: [Pool]
    /// Whether only the containers on it and the host itself reach each other.
    public var isInternal: Bool
    public var labels: [String: String]
    /// The driver's options, under Docker's names.
    public var options: [String: String]

    public init(
        name: String,
        enableIPv4: Bool = true,
        enableIPv6: Bool = false,
        pools: [Pool] = [],
        isInternal: Bool = false,
        labels: [String: String] = [:],
        options: [String: String] = [:]
    ) {
        self.name = name
        self.enableIPv4 = enableIPv4
        self.enableIPv6 = enableIPv6
        self.pools = pools
        self.isInternal = isInternal
        self.labels = labels
        self.options = options
    }
}
