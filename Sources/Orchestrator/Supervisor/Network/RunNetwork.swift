import Addresses
import ContainerNetwork
import Linux
import OCI
import SystemPackage

/// The network connections of one running container: its endpoints, its name service, its published
/// ports, and the files with its names.
final class RunNetwork {
    let record: ContainerRecord
    private let services: NetworkServices
    private(set) var endpoints: [Endpoint] = []
    private var ports: [PortMapping] = []

    init(_ record: ContainerRecord, _ services: NetworkServices) {
        self.record = record
        self.services = services
    }

    /// Connects a container that has its namespace and does not run yet.
    func connect(_ namespace: borrowing Descriptor) throws {
        try attach(namespace)
        try serveNames(namespace)
        try publish(record.ports.map { try PortRequest($0) })
    }

    /// Restores the services of a container that an earlier supervisor connected.
    func takeOver(pid: Int32, ports bound: [PublishedPort]) throws {
        try findEndpoints()
        if !endpoints.isEmpty {
            try serveNames(try Descriptor.open(FilePath("/proc/\(pid)/ns/net")))
        }
        try publish(bound.map { try PortRequest($0) })
    }

    /// Finds the remaining endpoints of a container that an earlier supervisor connected.
    func findEndpoints() throws(NetworkError) {
        for attachment in record.attachments
        where try services.store.network(attachment.network) != nil {
            let own = try services.store.endpoints(of: attachment.network)
                .filter { $0.containerID == record.id }
            for var endpoint in own {
                endpoint.names = record.resolvableNames(on: attachment)
                endpoints.append(endpoint)
            }
        }
    }

    /// Disconnects a container that has exited or could not start; its interfaces are removed with
    /// its network namespace.
    func release() {
        services.names.disconnect(record.id)
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

    /// Records the addresses and ports that were allocated.
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

    private func attach(_ namespace: borrowing Descriptor) throws {
        let outward = try outwardNetworks().first
        for attachment in record.attachments {
            let specification = try EndpointSpecification(
                attachment,
                container: record.id,
                names: record.resolvableNames(on: attachment),
                isDefaultRoute: attachment.network == outward
            )
            endpoints.append(
                try services.store.attach(
                    attachment.network,
                    to: namespace,
                    endpoint: specification
                )
            )
        }
    }

    /// The networks that lead to other hosts; the first one has the default route.
    private func outwardNetworks() throws(NetworkError) -> [String] {
        var networks: [String] = []
        for attachment in record.attachmentsByPrecedence {
            let network = try services.store.network(attachment.network)
            if try network?.access().leadsOut == true { networks.append(attachment.network) }
        }
        return networks
    }

    private func serveNames(_ namespace: borrowing Descriptor) throws(NetworkError) {
        guard !endpoints.isEmpty else { return }
        let isConnected = try !outwardNetworks().isEmpty
        try services.names.connect(record, endpoints, in: namespace, forwards: isConnected)
    }

    /// Reserves the ports that the network with the default route publishes, and forwards them.
    private func publish(_ requests: [PortRequest]) throws(NetworkError) {
        let outward = try outwardNetworks().first
        guard let endpoint = endpoints.first(where: { $0.network == outward }),
            let address = endpoint.addresses.first,
            let access = try services.store.network(endpoint.network)?.access()
        else { return }
        for request in requests.compactMap(access.published) {
            let mapping = try services.forwarder.reserve(request)
            ports.append(mapping)
            try services.forwarder.forward(mapping, to: address)
        }
        if !ports.isEmpty { try services.store.publish(ports, to: endpoint) }
    }
}
