import Orchestrator

/// The ports of a container in the forms of the Engine API.
struct ContainerPorts {
    private let container: ExistingContainer

    init(_ container: ExistingContainer) { self.container = container }

    /// The addresses at which a published port is reachable, one for each address family.
    private static func addresses(of port: PublishedPort) -> [String] {
        port.hostAddress.isEmpty ? ["0.0.0.0", "::"] : [port.hostAddress]
    }

    private var published: [PublishedPort] { container.isRunning ? container.state.ports : [] }

    /// The list form: published ports, and exposed ones while it runs.
    var list: JSON {
        guard container.isRunning else { return [] }
        var entries: [JSON] = published.flatMap { port in
            Self.addresses(of: port).map { address in
                [
                    "IP": .string(address), "PrivatePort": JSON(port.containerPort),
                    "PublicPort": JSON(port.hostPorts.lowerBound), "Type": .string(port.transport),
                ]
            }
        }
        let names = Set(published.map { "\($0.containerPort)/\($0.transport)" })
        for exposed in container.record.exposedPorts where !names.contains(exposed) {
            let parts = exposed.split(separator: "/")
            guard let number = UInt16(parts[0]) else { continue }
            let transport = parts.count > 1 ? String(parts[1]) : "tcp"
            entries.append(["PrivatePort": JSON(number), "Type": .string(transport)])
        }
        return .array(entries)
    }

    /// The map form of `NetworkSettings`: null for a port that is only exposed.
    var map: JSON {
        guard container.isRunning else { return [:] }
        var map: [String: JSON] = [:]
        for exposed in container.record.exposedPorts { map[exposed] = .null }
        for port in published {
            let bindings: [JSON] = Self.addresses(of: port).map { address in
                ["HostIp": .string(address), "HostPort": .string("\(port.hostPorts.lowerBound)")]
            }
            let key = "\(port.containerPort)/\(port.transport)"
            map[key] = .array((map[key] ?? .null).array + bindings)
        }
        return .object(map)
    }
}
