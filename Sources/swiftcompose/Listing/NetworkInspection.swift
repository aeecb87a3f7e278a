import Addresses
import ContainerNetwork
import OCI
import Orchestrator

/// The fields of `docker network inspect`.
struct NetworkInspection: Encodable {
    let network: BridgeNetwork
    /// The running ones that it connects.
    let containers: [ExistingContainer]

    private enum CodingKeys: String, CodingKey {
        case name = "Name"
        case id = "Id"
        case created = "Created"
        case scope = "Scope"
        case driver = "Driver"
        case enableIPv4 = "EnableIPv4"
        case enableIPv6 = "EnableIPv6"
        case addresses = "IPAM"
        case isInternal = "Internal"
        case isAttachable = "Attachable"
        case isIngress = "Ingress"
        case configOnly = "ConfigOnly"
        case containers = "Containers"
        case options = "Options"
        case labels = "Labels"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(network.name, forKey: .name)
        try json.encode(network.id, forKey: .id)
        try json.encode(Timestamp(seconds: network.created).description, forKey: .created)
        try json.encode("local", forKey: .scope)
        try json.encode("bridge", forKey: .driver)
        try json.encode(network.ipv4 != nil, forKey: .enableIPv4)
        try json.encode(network.ipv6 != nil, forKey: .enableIPv6)
        try json.encode(Addresses(pools: network.pools.map(pool)), forKey: .addresses)
        try json.encode(network.isInternal, forKey: .isInternal)
        try json.encode(false, forKey: .isAttachable)
        try json.encode(false, forKey: .isIngress)
        try json.encode(false, forKey: .configOnly)
        let endpoints = containers.compactMap { container in
            endpoint(of: container).map { (container.id, $0) }
        }
        try json.encode(Dictionary(endpoints) { $1 }, forKey: .containers)
        try json.encode(network.specification.options, forKey: .options)
        try json.encode(network.labels, forKey: .labels)
    }

    private func pool(_ pool: BridgeNetwork.Pool) -> Pool {
        let asked = network.specification.pools.first { $0.subnet == pool.subnet }
        return Pool(
            subnet: "\(pool.subnet)",
            range: asked?.range.map { "\($0)" },
            gateway: "\(pool.gateway)",
            reserved: asked?.auxiliaryAddresses.mapValues { "\($0)" } ?? [:]
        )
    }

    private func endpoint(of container: ExistingContainer) -> Endpoint? {
        guard let endpoint = container.state.endpoints.first(where: { $0.network == network.name })
        else { return nil }
        let length = { (pool: BridgeNetwork.Pool?) in "/\(pool?.subnet.prefixLength ?? 0)" }
        return Endpoint(
            name: container.record.name,
            hardwareAddress: endpoint.macAddress ?? "",
            ipv4: endpoint.ipv4Address.map { $0 + length(network.ipv4) } ?? "",
            ipv6: endpoint.ipv6Address.map { $0 + length(network.ipv6) } ?? ""
        )
    }

    private struct Addresses: Encodable {
        var driver = "default"
        var options: [String: String] = [:]
        var pools: [Pool]

        enum CodingKeys: String, CodingKey {
            case driver = "Driver"
            case options = "Options"
            case pools = "Config"
        }
    }

    private struct Pool: Encodable {
        var subnet: String
        var range: String?
        var gateway: String
        var reserved: [String: String]

        enum CodingKeys: String, CodingKey {
            case subnet = "Subnet"
            case range = "IPRange"
            case gateway = "Gateway"
            case reserved = "AuxiliaryAddresses"
        }

        func encode(to encoder: any Encoder) throws {
            var json = encoder.container(keyedBy: CodingKeys.self)
            try json.encode(subnet, forKey: .subnet)
            try json.encodeIfPresent(range, forKey: .range)
            try json.encode(gateway, forKey: .gateway)
            if !reserved.isEmpty { try json.encode(reserved, forKey: .reserved) }
        }
    }

    private struct Endpoint: Encodable {
        var name: String
        var hardwareAddress: String
        var ipv4: String
        var ipv6: String

        enum CodingKeys: String, CodingKey {
            case name = "Name"
            case hardwareAddress = "MacAddress"
            case ipv4 = "IPv4Address"
            case ipv6 = "IPv6Address"
        }
    }
}
