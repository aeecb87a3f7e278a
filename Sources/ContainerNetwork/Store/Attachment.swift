import Addresses
import Linux
import SystemPackage

/// The two namespaces of an attachment: the host's and the container's.
struct Attachment: ~Copyable {
    let host: RouteSocket
    private let container: RouteSocket
    private let instance: Instance

    /// Enters the container's namespace once, to open a socket there and to set the defaults of
    /// interfaces created later.
    init(
        _ network: BridgeNetwork,
        _ namespace: borrowing Descriptor,
        _ specification: EndpointSpecification,
        _ instance: Instance
    ) throws(NetworkError) {
        let hasIPv6 = network.ipv6 != nil
        let action = "enter the network namespace of container \(specification.containerID)"
        let near = try NetworkError.during(action, try RouteSocket())
        let far = try NetworkError.during(action) { () throws(SystemCallError) in
            try NetworkNamespace.inside(namespace) { () throws(SystemCallError) -> RouteSocket in
                try KernelParameter.set("ipv6/conf/default/disable_ipv6", to: hasIPv6 ? "0" : "1")
                if hasIPv6 {
                    try KernelParameter.set("ipv6/conf/default/accept_dad", to: "0")
                    try KernelParameter.set("ipv6/conf/default/accept_ra", to: "0")
                }
                return try RouteSocket()
            }
        }
        host = near
        container = far
        self.instance = instance
    }

    /// Chooses the addresses and names of the endpoint.
    func plan(
        _ specification: EndpointSpecification,
        _ network: BridgeNetwork,
        leased: [IPAddress: String]
    ) throws(NetworkError) -> Endpoint {
        let options = try BridgeOptions(network.specification)
        let preferred = specification.preferredAddresses
        let ipv4 = try address(
            specification.ipv4,
            preferred,
            network.ipv4,
            network.name,
            leased,
            isIPv4: true
        )
        let ipv6 = try address(
            specification.ipv6,
            preferred,
            network.ipv6,
            network.name,
            leased,
            isIPv4: false
        )
        guard let first = ipv4 ?? ipv6 else { throw .noSuchNetwork(network.name) }
        return Endpoint(
            containerID: specification.containerID,
            network: network.name,
            networkID: network.id,
            interface: try interfaceName(specification, options),
            hostInterface: instance.hostInterface(
                networkID: network.id,
                containerID: specification.containerID
            ),
            hardwareAddress: specification.hardwareAddress ?? HardwareAddress(for: first),
            ipv4: ipv4,
            ipv4PrefixLength: network.ipv4?.subnet.prefixLength,
            ipv4Gateway: network.ipv4?.gateway,
            ipv6: ipv6,
            ipv6PrefixLength: network.ipv6?.subnet.prefixLength,
            ipv6Gateway: network.ipv6?.gateway,
            names: specification.names
        )
    }

    /// Creates the endpoint: the pair, its end on the bridge, then its end in the container.
    func connect(
        _ endpoint: Endpoint,
        _ specification: EndpointSpecification,
        _ namespace: borrowing Descriptor,
        _ options: BridgeOptions,
        _ master: UInt32
    ) throws(SystemCallError) {
        let name = endpoint.hostInterface
        if try host.link(named: name) != nil { try host.apply([.deleteLink(name)]) }
        let owner = "container \(endpoint.containerID) network \(endpoint.network)"
        let pair = RouteChange.createVethPair(
            name,
            peerName: endpoint.interface,
            peerHardwareAddress: endpoint.hardwareAddress.bytes,
            peerNamespace: namespace,
            mtu: options.mtu
        )
        try host.apply([pair])
        try host.apply(
            [
                .disableAddressGeneration(of: name), .join(name, master: master),
                .setAlias(instance.alias(owner), of: name),
            ] + (options.access.connectsContainers ? [] : [.isolate(name)])
        )
        guard let link = try container.link(named: endpoint.interface) else {
            throw SystemCallError(
                call: "netlink",
                subject: "interface \(endpoint.interface)",
                reason: .noSuchAddressOrDevice
            )
        }
        let leadsOut = specification.isDefaultRoute && options.access.leadsOut
        try container.apply(
            [.bringUp("lo"), .bringUp(endpoint.interface)]
                + addresses(endpoint, specification, link.index)
                + (leadsOut ? defaultRoutes(endpoint, link.index) : [])
        )
    }

    private func address(
        _ fixed: IPAddress?,
        _ preferred: [IPAddress],
        _ pool: BridgeNetwork.Pool?,
        _ network: String,
        _ leased: [IPAddress: String],
        isIPv4: Bool
    ) throws(NetworkError) -> IPAddress? {
        if let fixed, fixed.isIPv4 != isIPv4 {
            throw .outsideSubnet(network: network, fixed, [])
        }
        guard let pool else {
            if let fixed { throw .outsideSubnet(network: network, fixed, []) }
            return nil
        }
        return try AddressPlan.address(
            in: pool,
            of: network,
            fixed: fixed,
            preferred: preferred,
            leased: leased
        )
    }

    private func interfaceName(
        _ specification: EndpointSpecification,
        _ options: BridgeOptions
    ) throws(NetworkError) -> String {
        let action = "list the interfaces of container \(specification.containerID)"
        let links = try NetworkError.during(action) {
            () throws(SystemCallError) in try container.links()
        }
        let taken = Set(links.map(\.name))
        if let name = specification.interfaceName {
            guard !taken.contains(name) else {
                throw .interfaceTaken(name, container: specification.containerID)
            }
            return name
        }
        let prefix = options.interfacePrefix
        return (0...taken.count).map { "\(prefix)\($0)" }.first { !taken.contains($0) }
            ?? "\(prefix)0"
    }

    private func addresses(
        _ endpoint: Endpoint,
        _ specification: EndpointSpecification,
        _ link: UInt32
    ) -> [RouteChange] {
        var changes: [RouteChange] = []
        for (address, length) in [
            (endpoint.ipv4, endpoint.ipv4PrefixLength), (endpoint.ipv6, endpoint.ipv6PrefixLength),
        ] {
            guard let address, let length else { continue }
            changes.append(.addAddress(address.bytes, prefixLength: length, link: link))
        }
        return changes
            + specification.linkLocalAddresses.map {
                .addAddress($0.bytes, prefixLength: $0.isIPv4 ? 16 : 64, link: link)
            }
    }

    private func defaultRoutes(_ endpoint: Endpoint, _ link: UInt32) -> [RouteChange] {
        [endpoint.ipv4Gateway, endpoint.ipv6Gateway].compactMap(\.self).map {
            .addDefaultRoute(gateway: $0.bytes, link: link)
        }
    }
}
