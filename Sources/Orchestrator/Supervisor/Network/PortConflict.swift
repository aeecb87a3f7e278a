import ContainerNetwork
import Linux
import SystemPackage

/// A host port that is in use.
struct PortConflict {
    private let mapping: PortMapping
    private let owner: PortOwner

    /// Nil for another error, or if the owner is not visible.
    init?(_ error: any Error) {
        guard case .portTaken(let mapping, let owner?) = error as? NetworkError else { return nil }
        self.mapping = mapping
        self.owner = owner
    }

    /// Nil if the port is free, or its owner is not visible.
    init?(_ mapping: PortMapping) {
        guard let owner = PortOwner.find(mapping) else { return nil }
        self.mapping = mapping
        self.owner = owner
    }

    /// The project whose supervisor holds the port; nil for any other process.
    var project: String? { Self.project(ofSupervisor: owner.pid) }

    /// A message that names the project and service if the owner is a supervisor, else the process.
    func description(in paths: DataPaths) -> String {
        guard let project = Self.project(ofSupervisor: owner.pid) else {
            return NetworkError.portTaken(mapping, by: owner).description
        }
        let service = Self.service(with: mapping, project: project, paths)
        let place = service.map { "service \($0) of project \(project)" } ?? "project \(project)"
        return "port \(mapping.hostPort)/\(mapping.protocol.rawValue) is in use by \(place); "
            + "stop it, or publish another host port"
    }

    /// The project of a process, if it is one of our supervisors.
    private static func project(ofSupervisor pid: Int32) -> String? {
        // A process that we may not inspect is not a supervisor of ours.
        guard let text = try? FileSystem.readText(FilePath("/proc/\(pid)/cmdline")) else {
            return nil
        }
        let words = text.split(separator: "\0").map(String.init)
        guard words.count == 5, words[1] == SupervisorProgram.command else { return nil }
        return words[2]
    }

    private static func service(
        with mapping: PortMapping,
        project: String,
        _ paths: DataPaths
    ) -> String? {
        // Without readable state the message names only the project.
        let containers = (try? ContainerStore(paths).containers(of: project)) ?? []
        return containers.first { container in
            container.state.ports.contains { port in
                port.hostPorts.contains(mapping.hostPort)
                    && port.transport == mapping.protocol.rawValue
            }
        }?.record.service
    }
}
