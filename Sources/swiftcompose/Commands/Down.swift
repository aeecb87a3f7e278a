import ArgumentParser
import ComposeFile
import OCI
import Orchestrator

struct Down: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Stop and remove the project's containers and networks."
    )

    enum Images: String, ExpressibleByArgument, CaseIterable {
        case local
        case all
    }

    @Flag(
        help: """
            Also remove containers of services that are not defined in the Compose file, and of \
            'run'.
            """
    )
    var removeOrphans = false

    @Option(
        help: "Also remove images: 'all', or 'local' for those without a custom tag."
    )
    var rmi: Images?

    @Option(name: .shortAndLong, help: "Timeout in seconds of stopping containers, before SIGKILL.")
    var timeout: Int?

    @Flag(
        name: [.customShort("v"), .customLong("volumes"), .customLong("volume")],
        help: """
            Remove named volumes of the Compose file's 'volumes' section and anonymous volumes.
            """
    )
    var volumes = false

    @Argument(
        help: "Services to remove, with their dependents (default: the project).",
        completion: .existingServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let reference = try session.projectReference(naming: services)
        let project = try reference.project()
        var options = ProjectChange.DownOptions()
        options.services = try withDependents(services, reference)
        options.declaredServices = project?.declaredServices
        options.removesOrphans = removeOrphans || session.isSet("COMPOSE_REMOVE_ORPHANS")
        options.removesVolumes = volumes
        options.grace = timeout.map { .seconds($0) }
        options.images = try images(of: project, reference)
        let removedAny = try await session.change(reference.name, "Running") { change in
            try await change.down(options)
        }
        if !removedAny {
            session.warn("No resource found to remove for project \"\(reference.name)\".")
        }
        try session.leaveNamespaces()
        return 0
    }

    /// Returns the services and all their dependents, according to the containers' labels.
    private func withDependents(
        _ services: [String],
        _ reference: ProjectReference
    ) throws -> Set<String> {
        ProjectChange.Selection(services: services)
            .withDependents(among: try reference.containers())
            .services ?? []
    }

    private func images(
        of project: Project?,
        _ reference: ProjectReference
    ) throws -> [ImageReference] {
        guard let rmi else { return [] }
        let built = { (service: String) in
            ["\(reference.name)-\(service)", "\(reference.name)_\(service)"]
        }
        let names =
            if let project {
                project.orderedServices.filter { rmi == .all || $0.image == nil }
                    .map(project.imageName)
            } else {
                try reference.containers().map(\.record)
                    .filter { rmi == .all || built($0.service).contains($0.image) }
                    .map(\.image)
            }
        return try Set(names).sorted().map { try ImageReference($0) }
    }
}
