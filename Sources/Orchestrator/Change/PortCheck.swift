import Addresses
import ComposeFile
import ContainerNetwork

/// Detects published ports that another process has bound, before anything is created.
struct PortCheck {
    let project: Project
    let paths: DataPaths

    /// Throws for the first port that is in use, unless this project's supervisor has bound it.
    func checkPorts() throws {
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
