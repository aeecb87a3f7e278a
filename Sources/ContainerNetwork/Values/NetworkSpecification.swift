public import Addresses

/// What a network is asked to be.
public struct NetworkSpecification: Codable, Equatable, Sendable {
    /// One block of addresses that the file asks for.
    ///
    /// Source: Compose Specification, networks, `ipam.config`.
    public struct Pool: Codable, Equatable, Sendable {
        public var subnet: Subnet
        /// The part of the subnet that addresses are taken from unasked; default: all of it.
        public var range: Subnet?
        /// The bridge's own address; default: the first usable one.
        public var gateway: IPAddress?
        /// Addresses never given out, by the name of who uses them.
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
    /// At most one of each family; a family that has none gets a free block.
    public var pools: [Pool]
    /// No way out, no way in: only the containers on it and the machine itself can talk.
    public var isInternal: Bool
    public var labels: [String: String]
    /// The driver's options under Docker's names.
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
