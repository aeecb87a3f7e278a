import ContainerNetwork
import OCI
import Orchestrator

/// A network as `network ls` shows it.
struct NetworkListing: Encodable {
    let network: BridgeNetwork
    let isCut: Bool

    private enum CodingKeys: String, CodingKey {
        case createdAt = "CreatedAt"
        case driver = "Driver"
        case id = "ID"
        case ipv4 = "IPv4"
        case ipv6 = "IPv6"
        case isInternal = "Internal"
        case labels = "Labels"
        case name = "Name"
        case scope = "Scope"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(Timestamp(seconds: network.created).description, forKey: .createdAt)
        try json.encode("bridge", forKey: .driver)
        try json.encode(isCut ? network.shortID : network.id, forKey: .id)
        try json.encode(String(network.ipv4 != nil), forKey: .ipv4)
        try json.encode(String(network.ipv6 != nil), forKey: .ipv6)
        try json.encode(String(network.isInternal), forKey: .isInternal)
        try json.encode(network.labels.list, forKey: .labels)
        try json.encode(network.name, forKey: .name)
        try json.encode("local", forKey: .scope)
    }
}

extension BridgeNetwork {
    var shortID: String { String(id.prefix(12)) }

    /// Whether it is the one that all projects share, like Docker's.
    var isBuiltIn: Bool { name == "bridge" }
}

extension [String: String] {
    /// `NAME=VALUE,NAME=VALUE`, sorted, as docker lists labels.
    var list: String {
        sorted { $0.key < $1.key }.map { "\($0)=\($1)" }.joined(separator: ",")
    }
}
