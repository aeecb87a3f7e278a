import YAML

/// The attachment of a service to a network.
public struct ServiceNetwork: Sendable, Equatable {
    /// Additional host names on the network.
    public var aliases: [String] = []
    /// Options of the endpoint.
    public var driverOptions: [String: String] = [:]
    /// The network with the highest priority provides the default route.
    public var gatewayPriority: Int = 0
    /// The name of the interface in the container.
    public var interfaceName: String?
    /// A static IPv4 address.
    public var ipv4Address: String?
    /// A static IPv6 address.
    public var ipv6Address: String?
    /// Additional addresses of the interface.
    public var linkLocalIPs: [String] = []
    /// The hardware address.
    public var macAddress: String?
    /// The network with the highest priority is attached first.
    public var priority: Int = 0
    /// Its `x-` extension fields.
    public var extensions: Extensions = [:]
    /// Whether the Compose file has a mapping here, even if it is empty.
    public var isExplicit: Bool = false

    /// Creates an attachment without options.
    public init() {}
}

extension ServiceNetwork {
    init(_ node: YAMLNode, _ path: AttributePath) throws(ComposeError) {
        guard !node.isNull else { return }
        let fields = try Fields(of: node, at: path)
        isExplicit = true
        aliases = try fields.strings("aliases")
        driverOptions = try fields.labels("driver_opts")
        gatewayPriority = try fields.integer("gw_priority") ?? 0
        interfaceName = try fields.string("interface_name")
        ipv4Address = try fields.string("ipv4_address")
        ipv6Address = try fields.string("ipv6_address")
        linkLocalIPs = try fields.strings("link_local_ips")
        macAddress = try fields.string("mac_address")
        priority = try fields.integer("priority") ?? 0
        extensions = fields.extensions
    }
}
