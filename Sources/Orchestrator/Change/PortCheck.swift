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
                guard let mapping = mapping(port),
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
                guard let mapping = mapping(port) else { continue }
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

    /// Nil for a range of ports or an ephemeral one, from which any free port is chosen.
    private func mapping(_ port: Port) -> PortMapping? {
        guard let range = port.publishedRange, range.count == 1,
            let hostPort = UInt16(exactly: range.lowerBound),
            let target = UInt16(exactly: port.target),
            let transport = TransportProtocol(rawValue: port.protocol ?? "tcp")
        else { return nil }
        return PortMapping(
            hostIP: port.hostIP.flatMap { IPAddress($0) },
            hostPort: hostPort,
            containerPort: target,
            protocol: transport
        )
    }
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
