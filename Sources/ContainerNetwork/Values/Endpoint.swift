public import Addresses

/// One container's place on one network: a veth pair, one end in the container, one on the bridge.
public struct Endpoint: Codable, Equatable, Sendable {
    public var containerID: String
    /// The network's name.
    public var network: String
    /// The network's id, so that a later network of the same name is not taken for this one.
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

    /// IPv4 first.
    public var addresses: [IPAddress] { [ipv4, ipv6].compactMap(\.self) }
}
