import YAML

/// How a service is attached to one network.
public struct ServiceNetwork: Sendable, Equatable {
    /// Further names on that network.
    public var aliases: [String] = []
    /// Options of the endpoint.
    public var driverOptions: [String: String] = [:]
    /// The network with the highest one supplies the default route.
    public var gatewayPriority: Int = 0
    /// The name of the interface in the container.
    public var interfaceName: String?
    /// A fixed IPv4 address.
    public var ipv4Address: String?
    /// A fixed IPv6 address.
    public var ipv6Address: String?
    /// Further addresses of the interface.
    public var linkLocalIPs: [String] = []
    /// The hardware address.
    public var macAddress: String?
    /// The network with the highest one is attached first.
    public var priority: Int = 0
    /// Its `x-` keys.
    public var extensions: Extensions = [:]
    /// Whether the file gave the network options at all, if only an empty mapping.
    public var isExplicit: Bool = false

    /// Makes an attachment without options.
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
