import ComposeFile
import Orchestrator

/// Images first, then containers: what `up`, `create` and `run` have in common.
struct BringUp: Sendable {
    let session: Session
    let project: Project
    let images: ImageOptions

    /// Returns when the project is as the options ask.
    func run(_ options: ProjectChange.UpOptions) async throws {
        try warnOfOrphans(options)
        let images = try await images(for: options)
        try await session.change(project.name, "Running") { change in
            try await change.up(project, images: images, options: options)
        }
    }

    /// Containers of services that the file has no more are named unless they are removed.
    func warnOfOrphans(_ options: ProjectChange.UpOptions) throws {
        let ignores = session.isSet("COMPOSE_IGNORE_ORPHANS")
        if options.planning.removesOrphans {
            if ignores {
                throw CommandError.contradiction("COMPOSE_IGNORE_ORPHANS", "--remove-orphans")
            }
            return
        }
        guard !ignores else { return }
        let declared = Set(project.services.keys).union(project.inactiveServices.keys)
        let containers = try ContainerStore(session.paths).containers(of: project.name)
        let orphans = Snapshot(containers: containers).orphans(of: declared)
        guard !orphans.isEmpty else { return }
        let names = orphans.map(\.record.name).joined(separator: " ")
        session.warn(
            "Found orphan containers ([\(names)]) for this project. If you removed or renamed this "
                + "service in your compose file, you can run this command with the "
                + "--remove-orphans flag to clean it up."
        )
    }

    /// Each service's image: found, pulled or built, once it is clear that all else can be done.
    func images(for options: ProjectChange.UpOptions) async throws -> [String: ServiceImage] {
        session.tell(try project.validate())
        return try await ImageSupplier(session: session, project: project, options: images)
            .supply(project.serviceNames)
    }
}
