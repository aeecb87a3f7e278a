import Addresses
import ContainerNetwork
import Linux
import OCI
import SystemPackage

/// The network connections of one running container: its endpoints, its name service, its published
/// ports, and the files with its names.
final class RunNetwork {
    private(set) var record: ContainerRecord
    let services: NetworkServices
    var endpoints: [Endpoint] = []
    var ports: [PortMapping] = []
    /// The endpoint at which the ports are published.
    private(set) var publisher: Endpoint?
    /// It has neither names nor published ports, since another container of the service has them.
    var isStandby: Bool
    /// The endpoints of the container's last run, or of the container that it replaces.
    private let former: [ContainerState.EndpointState]

    init(
        _ record: ContainerRecord,
        _ services: NetworkServices,
        former: [ContainerState.EndpointState] = [],
        isStandby: Bool
    ) {
        self.record = record
        self.isStandby = isStandby
        self.services = services
        self.former = former
    }

    /// Connects a container that has its namespace and does not run yet.
    func connect(_ namespace: borrowing Descriptor) throws {
        try attach(namespace)
        try serveNames(namespace)
        try publish(isStandby ? [] : record.ports.map { try PortRequest($0) })
        report("connect")
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
                endpoint.names = names(on: attachment)
                endpoints.append(endpoint)
            }
        }
    }

    /// Disconnects a container that has exited or could not start; its interfaces are removed with
    /// its network namespace.
    func release() {
        services.names.disconnect(record.id)
        report("disconnect")
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

    /// Reports the connection to, or disconnection from, each network.
    private func report(_ action: String) {
        for endpoint in endpoints {
            services.journal.append(
                HostEvent(
                    .network,
                    action,
                    id: endpoint.networkID,
                    attributes: [
                        "container": record.id, "name": endpoint.network, "type": "bridge",
                    ]
                )
            )
        }
    }

    /// The names by which other containers find it on the attachment's network.
    func names(on attachment: NetworkAttachment) -> [String] {
        isStandby ? [] : record.resolvableNames(on: attachment)
    }

    private func attach(_ namespace: borrowing Descriptor) throws {
        let outward = try outwardNetworks().first
        for attachment in record.attachments
        where !endpoints.contains(where: { $0.network == attachment.network }) {
            let specification = try EndpointSpecification(
                attachment,
                container: record.id,
                former: former,
                names: names(on: attachment),
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

    /// Adapts the connections of a running container to its changed record.
    ///
    /// Names and ports are served again: the network that the default route leads through may be
    /// another one.
    func reconnect(_ record: ContainerRecord, pid: Int32) throws {
        let namespace = try Descriptor.open(FilePath("/proc/\(pid)/ns/net"))
        services.names.disconnect(record.id)
        services.names.recordsHaveChanged()
        for mapping in ports { services.forwarder.release(mapping) }
        let bound = ports.map { PublishedPort($0) }
        ports = []
        self.record = record
        try detachOthers()
        try attach(namespace)
        if let outward = try outwardNetworks().first,
            let endpoint = endpoints.first(where: { $0.network == outward })
        {
            try services.store.lead(namespace, through: endpoint)
        }
        try serveNames(namespace)
        let requests = !bound.isEmpty ? bound : isStandby ? [] : record.ports
        try publish(requests.map { try PortRequest($0) })
    }

    /// Detaches the container from networks that its record no longer names; the published ports
    /// of the others are taken back.
    private func detachOthers() throws(NetworkError) {
        let wanted = Set(record.attachments.map(\.network))
        for endpoint in endpoints {
            if wanted.contains(endpoint.network) {
                try services.store.unpublish(endpoint)
            } else {
                try services.store.detach(endpoint)
                endpoints.removeAll { $0 == endpoint }
            }
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
    func publish(_ requests: [PortRequest]) throws(NetworkError) {
        let outward = try outwardNetworks().first
        guard let endpoint = endpoints.first(where: { $0.network == outward }),
            let address = endpoint.addresses.first,
            let access = try services.store.network(endpoint.network)?.access()
        else { return }
        publisher = endpoint
        for request in requests.compactMap(access.published) {
            let mapping = try services.forwarder.reserve(request)
            ports.append(mapping)
            try services.forwarder.forward(mapping, to: address)
        }
        if !ports.isEmpty { try services.store.publish(ports, to: endpoint) }
    }
}
