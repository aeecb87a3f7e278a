import ContainerNetwork
import Linux
import SystemPackage

/// A host port that somebody else has.
struct PortConflict {
    private let mapping: PortMapping
    private let owner: PortOwner

    /// Nil when the error is another one, or the owner cannot be seen.
    init?(_ error: any Error) {
        guard case .portTaken(let mapping, let owner?) = error as? NetworkError else { return nil }
        self.mapping = mapping
        self.owner = owner
    }

    /// Nil when the port is free, or its owner cannot be seen.
    init?(_ mapping: PortMapping) {
        guard let owner = PortOwner.find(mapping) else { return nil }
        self.mapping = mapping
        self.owner = owner
    }

    /// The project whose supervisor has the port; nil when it is a stranger's.
    var project: String? { Self.project(ofSupervisor: owner.pid) }

    /// Names the project and service when the owner is a supervisor; else the process.
    func description(in paths: DataPaths) -> String {
        guard let project = Self.project(ofSupervisor: owner.pid) else {
            return NetworkError.portTaken(mapping, by: owner).description
        }
        let service = Self.service(with: mapping, project: project, paths)
        let place = service.map { "service \($0) of project \(project)" } ?? "project \(project)"
        return "port \(mapping.hostPort)/\(mapping.protocol.rawValue) is taken by \(place); "
            + "stop it, or publish another host port"
    }

    /// The project of a process, if it is one of our supervisors.
    private static func project(ofSupervisor pid: Int32) -> String? {
        // A process that cannot be looked at is a stranger.
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
        // Without its state the project's name is all that can be told.
        let containers = (try? ContainerStore(paths).containers(of: project)) ?? []
        return containers.first { container in
            container.state.ports.contains { port in
                port.hostPorts.contains(mapping.hostPort)
                    && port.transport == mapping.protocol.rawValue
            }
        }?.record.service
    }
}
