import Linux
import OCI
import Orchestrator
import SystemPackage

extension Engine {
    /// All containers of the host that can be read, the newest first.
    func allContainers() throws -> [ExistingContainer] {
        try projects().flatMap { try containers.containers(of: $0) }
            .sorted { $0.record.created > $1.record.created }
    }

    /// The container with an id, a unique prefix of one, or a name with or without `/`.
    func container(_ text: String) throws -> ExistingContainer {
        let name = text.hasPrefix("/") ? String(text.dropFirst()) : text
        for project in try projects() where Self.isFullID(name) {
            if let found = try containers.container(name, of: project) { return found }
        }
        let all = try allContainers()
        if let found = all.first(where: { $0.record.name == name }) { return found }
        let matches = name.isEmpty ? [] : all.filter { $0.id.hasPrefix(name) }
        guard matches.count <= 1 else {
            throw EngineError.badRequest("Multiple IDs found with provided prefix: \(name)")
        }
        guard let found = matches.first else {
            throw EngineError.notFound("No such container: \(text)")
        }
        return found
    }

    /// A container as its supervisor has recorded it: one that has just exited counts as running
    /// until its last output and its status are recorded. Nil if it has been removed.
    func recorded(_ container: ExistingContainer) throws -> ExistingContainer? {
        try containers.container(
            container.id,
            of: container.record.project,
            isSupervised: true
        )
    }

    private static func isFullID(_ text: String) -> Bool {
        text.utf8.count == 64 && text.allSatisfy(\.isHexDigit)
    }

    /// The document with which a client asked for the container; null for one of a Compose file.
    func requestDocument(of record: ContainerRecord) -> JSON {
        let file = host.paths.project(record.project).container(record.id).request
        // A container that a command created has none.
        guard let bytes = try? FileSystem.read(file) else { return .null }
        return (try? JSON(parsing: bytes)) ?? .null
    }
}
