import Addresses
import ContainerNetwork
import Linux
import OCI
import SystemPackage

/// How one running container is connected: endpoints, name server, published ports, and the files
/// that tell it names.
final class RunNetwork {
    let record: ContainerRecord
    private let services: NetworkServices
    private(set) var endpoints: [Endpoint] = []
    private var ports: [PortMapping] = []

    init(_ record: ContainerRecord, _ services: NetworkServices) {
        self.record = record
        self.services = services
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
                try services.store.attach(
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
        where try services.store.network(attachment.network) != nil {
            endpoints += try services.store.endpoints(of: attachment.network)
                .filter { $0.containerID == record.id }
        }
    }

    /// Takes everything back, once the container has ended or never begun; its interfaces go with
    /// its network namespace.
    func release() {
        services.nameServer.stop(serving: record.id)
        for mapping in ports { services.forwarder.release(mapping) }
        ports = []
        for endpoint in endpoints {
            do {
                try services.store.abandon(endpoint)
            } catch {
                SupervisorLog.write("\(record.name): \(error)")
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
        let networks = try endpoints.compactMap { try services.store.network($0.network) }
        try services.nameServer.serve(
            record.id,
            in: namespace,
            upstreams: record.names.servers.compactMap { IPAddress($0) },
            forwards: networks.contains { !$0.isInternal }
        )
    }

    private func reserve(_ requests: [PortRequest]) throws(NetworkError) {
        guard let endpoint = primary, let address = endpoint.addresses.first else { return }
        for request in requests {
            let mapping = try services.forwarder.reserve(request)
            ports.append(mapping)
            try services.forwarder.forward(mapping, to: address)
        }
        if !ports.isEmpty { try services.store.publish(ports, to: endpoint) }
    }
}
