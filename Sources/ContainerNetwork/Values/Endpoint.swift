public import Addresses

/// A container's attachment to a network: a veth pair with one end in the container and the other
/// on the bridge.
public struct Endpoint: Codable, Equatable, Sendable {
    public var containerID: String
    /// The network's name.
    public var network: String
    /// The network's id, which distinguishes it from a later network of the same name.
    public var networkID: String
    /// The interface's name in the container.
    public var interface: String
    /// The name of the pair's other end, on the host.
    public var hostInterface: String
    public var hardwareAddress: HardwareAddress
    public var ipv4: IPAddress?
    public var ipv4PrefixLength: Int?
    public var ipv4Gateway: IPAddress?
    public var ipv6: IPAddress?
    public var ipv6PrefixLength: Int?
    public var ipv6Gateway: IPAddress?

    /// The names by which containers on the network find it, its canonical one first; nil in a
    /// lease that an earlier version wrote.
    public var names: [String]?

    public init(
        containerID: String,
        network: String,
        networkID: String,
        interface: String,
        hostInterface: String,
        hardwareAddress: HardwareAddress,
        ipv4: IPAddress? = nil,
        ipv4PrefixLength: Int? = nil,
        ipv4Gateway: IPAddress? = nil,
        ipv6: IPAddress? = nil,
        ipv6PrefixLength: Int? = nil,
        ipv6Gateway: IPAddress? = nil,
        names: [String]? = nil
    ) {
        self.containerID = containerID
        self.network = network
        self.networkID = networkID
        self.interface = interface
        self.hostInterface = hostInterface
        self.hardwareAddress = hardwareAddress
        self.ipv4 = ipv4
        self.ipv4PrefixLength = ipv4PrefixLength
        self.ipv4Gateway = ipv4Gateway
        self.ipv6 = ipv6
        self.ipv6PrefixLength = ipv6PrefixLength
        self.ipv6Gateway = ipv6Gateway
        self.names = names
    }

    /// IPv4 first.
    public var addresses: [IPAddress] { [ipv4, ipv6].compactMap(\.self) }
}
