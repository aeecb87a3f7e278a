import ContainerNetwork
import DNS
import Linux
import OCI
import SystemPackage

/// How one running container is connected: endpoints, name server, published ports, and the files
/// that tell it names.
final class RunNetwork {
    let record: ContainerRecord
    unowned let supervisor: Supervisor
    private(set) var endpoints: [Endpoint] = []
    private var ports: [PortMapping] = []

    init(_ record: ContainerRecord, in supervisor: Supervisor) {
        self.record = record
        self.supervisor = supervisor
    }

    private var attachments: [NetworkAttachment] {
        if case .attached(let attachments) = record.network { attachments } else { [] }
    }

    /// The endpoint that published ports lead to: on the network with the default route.
    private var primary: Endpoint? {
        endpoints.first { $0.network == defaultNetwork } ?? endpoints.first
    }

    private var defaultNetwork: String? {
        // The first of those with the highest priority.
        attachments.reversed().max { $0.gatewayPriority < $1.gatewayPriority }?.network
    }

    /// Connects a container that has its namespace and does not run yet.
    func attach(_ namespace: borrowing Descriptor) throws {
        for attachment in attachments {
            let specification = try EndpointSpecification(
                attachment,
                container: record.id,
                isDefaultRoute: attachment.network == defaultNetwork
            )
            endpoints.append(
                try supervisor.networks.attach(
                    attachment.network,
                    to: namespace,
                    endpoint: specification
                )
            )
        }
        try serveNames(namespace)
        try reserve(record.ports.map { try PortRequest($0) })
    }

    /// What a dead supervisor had connected is served again.
    func takeOver(pid: Int32, ports bound: [PublishedPort]) throws {
        try findEndpoints()
        if !endpoints.isEmpty {
            try serveNames(try Descriptor.open(FilePath("/proc/\(pid)/ns/net")))
        }
        try reserve(bound.map { try PortRequest($0) })
    }

    /// Finds what a dead supervisor had connected, as far as it is still there.
    func findEndpoints() throws(NetworkError) {
        for attachment in attachments
        where try supervisor.networks.network(attachment.network) != nil {
            endpoints += try supervisor.networks.endpoints(of: attachment.network)
                .filter { $0.containerID == record.id }
        }
    }

    /// Takes everything back, once the container has ended or never begun; its interfaces go with
    /// its network namespace.
    func release(note: (String) -> Void) {
        supervisor.nameServer.stop(serving: record.id)
        for mapping in ports { supervisor.forwarder.release(mapping) }
        ports = []
        for endpoint in endpoints {
            do {
                try supervisor.networks.abandon(endpoint)
            } catch {
                note("\(record.name): \(error)")
            }
        }
        endpoints = []
    }

    /// Writes down what the container got.
    func describe(in state: inout ContainerState) {
        state.endpoints = endpoints.map { endpoint in
            ContainerState.EndpointState(
                network: endpoint.network,
                ipv4Address: endpoint.ipv4?.description,
                ipv6Address: endpoint.ipv6?.description,
                macAddress: endpoint.hardwareAddress.description
            )
        }
        state.ports = ports.map(PublishedPort.init)
    }

    private func serveNames(_ namespace: borrowing Descriptor) throws {
        guard !endpoints.isEmpty else { return }
        let networks = try endpoints.compactMap { try supervisor.networks.network($0.network) }
        try supervisor.nameServer.serve(
            record.id,
            in: namespace,
            upstreams: record.names.servers.compactMap { IPAddress($0) },
            forwards: networks.contains { !$0.isInternal }
        )
    }

    private func reserve(_ requests: [PortRequest]) throws(NetworkError) {
        guard let endpoint = primary, let address = endpoint.addresses.first else { return }
        for request in requests {
            let mapping = try supervisor.forwarder.reserve(request)
            ports.append(mapping)
            try supervisor.forwarder.forward(mapping, to: address)
        }
        if !ports.isEmpty { try supervisor.networks.publish(ports, to: endpoint) }
    }
}
