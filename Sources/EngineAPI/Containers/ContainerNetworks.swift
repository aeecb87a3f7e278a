import Addresses
import ContainerNetwork
import Orchestrator

/// The network endpoints of a container in the form of the Engine API.
struct ContainerNetworks {
    private let container: ExistingContainer
    private let networks: NetworkStore

    init(_ container: ExistingContainer, in networks: NetworkStore) {
        self.container = container
        self.networks = networks
    }

    /// The endpoints by network name.
    var endpoints: [String: JSON] {
        switch container.record.network {
        case .none: ["none": Self.empty]
        case .host: ["host": Self.empty]
        case .container: [:]
        case .attached(let attachments):
            Dictionary(attachments.map { ($0.network, endpoint($0)) }) { $1 }
        }
    }

    private func endpoint(_ attachment: NetworkAttachment) -> JSON {
        // A network that cannot be read has no addresses to show.
        let network = try? networks.network(attachment.network)
        let state =
            container.isRunning
            ? container.state.endpoints.first { $0.network == attachment.network } : nil
        var endpoint = Self.empty
        var configuration: [String: JSON] = [:]
        if let address = attachment.ipv4Address { configuration["IPv4Address"] = .string(address) }
        if let address = attachment.ipv6Address { configuration["IPv6Address"] = .string(address) }
        if !attachment.linkLocalAddresses.isEmpty {
            configuration["LinkLocalIPs"] = JSON(attachment.linkLocalAddresses)
        }
        if !configuration.isEmpty { endpoint["IPAMConfig"] = .object(configuration) }
        if !attachment.links.isEmpty {
            endpoint["Links"] = JSON(attachment.links.map { "\($1):\($0)" }.sorted())
        }
        if let options = attachment.driverOptions { endpoint["DriverOpts"] = JSON(options) }
        endpoint["GwPriority"] = JSON(attachment.gatewayPriority)
        endpoint["Aliases"] = JSON(attachment.aliases)
        endpoint["DNSNames"] = JSON(attachment.aliases)
        endpoint["NetworkID"] = .string(network?.id ?? "")
        endpoint["MacAddress"] = .string(state?.macAddress ?? attachment.macAddress ?? "")
        guard let state else { return endpoint }
        endpoint["EndpointID"] = .string(
            String((network?.id ?? "").prefix(32)) + container.id.prefix(32)
        )
        endpoint["IPAddress"] = .string(state.ipv4Address ?? "")
        endpoint["Gateway"] = .string(network?.ipv4?.gateway.description ?? "")
        endpoint["IPPrefixLen"] = JSON(network?.ipv4?.subnet.prefixLength ?? 0)
        if let address = state.ipv6Address {
            endpoint["GlobalIPv6Address"] = .string(address)
            endpoint["IPv6Gateway"] = .string(network?.ipv6?.gateway.description ?? "")
            endpoint["GlobalIPv6PrefixLen"] = JSON(network?.ipv6?.subnet.prefixLength ?? 0)
        }
        return endpoint
    }

    private static let empty: JSON = [
        "IPAMConfig": nil, "Links": nil, "Aliases": nil, "MacAddress": "", "DriverOpts": nil,
        "NetworkID": "", "EndpointID": "", "Gateway": "", "IPAddress": "", "IPPrefixLen": 0,
        "IPv6Gateway": "", "GlobalIPv6Address": "", "GlobalIPv6PrefixLen": 0, "DNSNames": nil,
        "GwPriority": 0,
    ]
}
