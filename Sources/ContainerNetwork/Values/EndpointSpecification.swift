public import Addresses

/// How to attach a container to a network.
public struct EndpointSpecification: Codable, Equatable, Sendable {
    /// The owner of the lease; one endpoint per container and network.
    public var containerID: String
    /// A fixed address; default: a free one.
    public var ipv4: IPAddress?
    /// A fixed address; default: a free one.
    public var ipv6: IPAddress?
    /// Addresses that it takes if they are free, such as those that it had before.
    public var preferredAddresses: [IPAddress]
    /// Further addresses on the interface, 169.254.0.0/16 or fe80::/10.
    public var linkLocalAddresses: [IPAddress]
    /// Default: derived from the IP address.
    public var hardwareAddress: HardwareAddress?
    /// The interface's name in the container; default: the first free of eth0, eth1, …
    public var interfaceName: String?
    /// The names by which other containers on the network find it, its canonical one first.
    public var names: [String]
    /// Whether the container's default route leads through this network.
    public var isDefaultRoute: Bool
    /// The endpoint's options, by the names in `EndpointOption`.
    public var options: [String: String]

    public init(
        containerID: String,
        ipv4: IPAddress? = nil,
        ipv6: IPAddress? = nil,
        preferredAddresses: [IPAddress] = [],
        linkLocalAddresses: [IPAddress] = [],
        hardwareAddress: HardwareAddress? = nil,
        interfaceName: String? = nil,
        names: [String] = [],
        isDefaultRoute: Bool = true,
        options: [String: String] = [:]
    ) {
        self.containerID = containerID
        self.ipv4 = ipv4
        self.ipv6 = ipv6
        self.preferredAddresses = preferredAddresses
        self.linkLocalAddresses = linkLocalAddresses
        self.hardwareAddress = hardwareAddress
        self.interfaceName = interfaceName
        self.names = names
        self.isDefaultRoute = isDefaultRoute
        self.options = options
    }
}

/// The options of an endpoint that have an effect, under Docker's names.
public enum EndpointOption: String, Sendable {
    case kernelParameters = "com.docker.network.endpoint.sysctls"
    case interfaceName = "com.docker.network.endpoint.ifname"
}
