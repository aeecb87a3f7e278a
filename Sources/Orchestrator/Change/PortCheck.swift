import Addresses
import ComposeFile
import ContainerNetwork

/// Detects published ports that another process has bound, before anything is created.
struct PortCheck {
    let project: Project
    let paths: DataPaths
    private let published: [PublishedPort]

    /// An entry of a service's `ports` with one host port.
    struct PublishedPort {
        var service: Service
        /// The place in the service's `ports`.
        var index: Int
        var mapping: PortMapping
        var place: AttributePlace
    }

    init(project: Project, paths: DataPaths) throws(NetworkError) {
        self.project = project
        self.paths = paths
        published = try Self.publishedPorts(of: project)
    }

    /// The ports that the Compose file assigns a host port to.
    static func publishedPorts(of project: Project) throws(NetworkError) -> [PublishedPort] {
        var published: [PublishedPort] = []
        for service in project.orderedServices {
            for (index, port) in service.ports.enumerated() {
                guard let mapping = try project.mapping(port, of: service) else { continue }
                let place = service.place(of: "ports", String(index))
                published.append(
                    PublishedPort(service: service, index: index, mapping: mapping, place: place)
                )
            }
        }
        return published
    }

    /// Throws for the first port that is published twice, or that another project or program has
    /// bound.
    func checkPorts() throws {
        try checkDuplicates()
        for port in published {
            guard let conflict = PortConflict(port.mapping), conflict.project != project.name else {
                continue
            }
            throw OrchestratorError.portTaken(port.place, reason: conflict.description(in: paths))
        }
    }

    /// Throws for the first port that an earlier entry of the project publishes on the same address.
    func checkDuplicates() throws(OrchestratorError) {
        var earlier: [PublishedPort] = []
        for port in published where port.service.replicas > 0 {
            if let other = earlier.first(where: { $0.mapping.overlaps(port.mapping) }) {
                let (number, transport) = (port.mapping.hostPort, port.mapping.protocol.rawValue)
                throw .portTaken(
                    port.place,
                    reason: "host port \(number)/\(transport) is published already by "
                        + "\(other.place); publish another port"
                )
            }
            earlier.append(port)
        }
    }
}

extension Project {
    /// Nil for a range of ports or an ephemeral one, from which any free port is chosen, and for a
    /// port that the service's networks do not publish.
    fileprivate func mapping(_ port: Port, of service: Service) throws(NetworkError) -> PortMapping?
    {
        guard let range = port.publishedRange, range.count == 1,
            let hostPort = UInt16(exactly: range.lowerBound),
            let target = UInt16(exactly: port.target),
            let transport = TransportProtocol(rawValue: port.protocol ?? "tcp")
        else { return nil }
        let request = PortRequest(
            hostIP: port.hostIP.flatMap { IPAddress($0) },
            hostPorts: hostPort...hostPort,
            containerPort: target,
            protocol: transport
        )
        guard let published = try published(request, of: service) else { return nil }
        return PortMapping(
            hostIP: published.hostIP,
            hostPort: hostPort,
            containerPort: target,
            protocol: transport
        )
    }

    /// `request` as the network with the service's default route will serve it.
    private func published(
        _ request: PortRequest,
        of service: Service
    ) throws(NetworkError) -> PortRequest? {
        guard service.networkMode == nil else { return request }
        let networks = service.networks.sorted {
            (-$0.value.gatewayPriority, name(of: $0.key))
                < (-$1.value.gatewayPriority, name(of: $1.key))
        }
        for (key, _) in networks {
            // An external network that does not exist is reported when it is looked up.
            guard let definition = self.networks[key], !definition.external else {
                return request
            }
            let access = try definition.access(name: key)
            if access.leadsOut { return access.published(request) }
        }
        return nil
    }

    private func name(of network: String) -> String { networks[network]?.name ?? network }
}

extension PortMapping {
    /// Whether both cannot be bound at once.
    func overlaps(_ other: PortMapping) -> Bool {
        guard hostPort == other.hostPort, `protocol` == other.protocol else { return false }
        guard let address = hostIP, let otherAddress = other.hostIP else { return true }
        return address == otherAddress
            || address.bytes.count == otherAddress.bytes.count
                && (address.isUnspecified || otherAddress.isUnspecified)
    }
}
