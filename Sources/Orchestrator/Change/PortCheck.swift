import Addresses
import ComposeFile
import ContainerNetwork

/// Detects published ports that another process has bound, before anything is created.
struct PortCheck {
    let project: Project
    let paths: DataPaths

    /// Throws for the first port that is published twice, or that another project or program has
    /// bound.
    func checkPorts() throws {
        try checkDuplicates()
        for service in project.orderedServices {
            for (index, port) in service.ports.enumerated() {
                guard let mapping = try mapping(port, of: service),
                    let conflict = PortConflict(mapping), conflict.project != project.name
                else { continue }
                throw OrchestratorError.portTaken(
                    service.place(of: "ports", String(index)),
                    reason: conflict.description(in: paths)
                )
            }
        }
    }

    /// Throws for the first port that an earlier entry of the project publishes on the same address.
    func checkDuplicates() throws {
        var published: [(mapping: PortMapping, place: AttributePlace)] = []
        for service in project.orderedServices where service.replicas > 0 {
            for (index, port) in service.ports.enumerated() {
                guard let mapping = try mapping(port, of: service) else { continue }
                let place = service.place(of: "ports", String(index))
                if let earlier = published.first(where: { $0.mapping.overlaps(mapping) }) {
                    throw OrchestratorError.portTaken(
                        place,
                        reason: "host port \(mapping.hostPort)/\(mapping.protocol.rawValue) is "
                            + "published already by \(earlier.place); publish another port"
                    )
                }
                published.append((mapping, place))
            }
        }
    }

    /// Nil for a range of ports or an ephemeral one, from which any free port is chosen, and for a
    /// port that the service's networks do not publish.
    private func mapping(_ port: Port, of service: Service) throws(NetworkError) -> PortMapping? {
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
            (-$0.value.gatewayPriority, name($0.key)) < (-$1.value.gatewayPriority, name($1.key))
        }
        for (key, _) in networks {
            // An external network that does not exist is reported when it is looked up.
            guard let definition = project.networks[key], !definition.external else {
                return request
            }
            let access = try definition.access(name: key)
            if access.leadsOut { return access.published(request) }
        }
        return nil
    }

    private func name(_ network: String) -> String { project.networks[network]?.name ?? network }
}

extension PortMapping {
    /// Whether both cannot be bound at once.
    fileprivate func overlaps(_ other: PortMapping) -> Bool {
        guard hostPort == other.hostPort, `protocol` == other.protocol else { return false }
        guard let address = hostIP, let otherAddress = other.hostIP else { return true }
        return address == otherAddress
            || address.bytes.count == otherAddress.bytes.count
                && (address.isUnspecified || otherAddress.isUnspecified)
    }
}
