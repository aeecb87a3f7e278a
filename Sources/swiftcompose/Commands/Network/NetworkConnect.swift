import Addresses
import ArgumentParser
import ContainerNetwork
import Notation
import Orchestrator

struct NetworkConnect: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "connect",
        abstract: "Connect a container to a network.",
        discussion: """
            The connection lasts until the container is removed. As with docker, other containers \
            find it on the network by its name and aliases, not by that of its service.
            """
    )

    @Option(help: "Further name of the container on the network; repeatable.")
    var alias: [String] = []

    @Option(help: "Driver option of the connection, NAME=VALUE; repeatable.")
    var driverOpt: [String] = []

    @Option(help: "Priority: the network with the highest one gets the default route.")
    var gwPriority = 0

    @Option(help: "IPv4 address, such as 172.30.100.104.")
    var ip: String?

    @Option(help: "IPv6 address, such as 2001:db8::33.")
    var ip6: String?

    @Option(help: "Name for another container, CONTAINER[:ALIAS]; repeatable.")
    var link: [String] = []

    @Option(help: "Link-local address of the container; repeatable.")
    var linkLocalIp: [String] = []

    @Argument(help: "Name or ID of the network.", completion: .networks)
    var network: String

    @Argument(help: "Name or ID of the container.", completion: .containers)
    var container: String

    func validate() throws {
        for address in [ip, ip6].compactMap(\.self) + linkLocalIp
        where IPAddress(address) == nil {
            throw ValidationError("'\(address)' is not an IP address")
        }
    }

    func run(in session: Session) async throws -> Int32 {
        let host = try session.openHost()
        let network = try host.network(matching: network)
        let container = try host.containers.container(matching: container)
        try await session.change(container.record.project, "Connecting") { change in
            try await change.connect(container.id, to: attachment(to: network.name))
        }
        return 0
    }

    private func attachment(to network: String) -> NetworkAttachment {
        NetworkAttachment(
            network: network,
            aliases: alias,
            links: link.reduce(into: [:]) { links, link in
                let parts = link.split(separator: ":", maxSplits: 1).map(String.init)
                if let target = parts.first { links[parts.last ?? target] = target }
            },
            ipv4Address: ip,
            ipv6Address: ip6,
            linkLocalAddresses: linkLocalIp,
            gatewayPriority: gwPriority,
            driverOptions: driverOpt.isEmpty ? nil : driverOpt.namedValues
        )
    }
}
