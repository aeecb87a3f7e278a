import ArgumentParser
import ComposeFile
import Orchestrator

struct Restart: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Restart containers; changes of the Compose file are not applied."
    )

    @Flag(help: "Do not restart dependent services.")
    var noDeps = false

    @Flag(
        help: """
            Replace running containers by new ones, a few at a time, as deploy.update_config says; \
            changes of the Compose file are applied.
            """
    )
    var rolling = false

    @Option(name: .shortAndLong, help: "Timeout in seconds of stopping containers, before SIGKILL.")
    var timeout: Int?

    @Argument(
        help: "Services to restart (default: all).",
        completion: .existingServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        if rolling { return try await roll(in: session) }
        try warnOfChanges(in: session)
        return try await session.change(services, "Restarting") { change, selection in
            try await change.restart(
                selection,
                includesDependents: !noDeps,
                grace: timeout.map { .seconds($0) }
            )
        }
    }

    /// Recreates services that have containers from present images; no other service changes.
    private func roll(in session: Session) async throws -> Int32 {
        var project = try session.loadProject(services: services)
        let existing = try ContainerStore(session.paths).containers(of: project.name)
        let names = (services.isEmpty ? project.serviceNames : services).filter { name in
            existing.contains { $0.record.service == name }
        }
        guard !names.isEmpty else { return 0 }
        try project.select(names)
        project.deactivateDependencies(of: names)
        let bringUp = BringUp(
            session.projectSession(project.name),
            project,
            images: session.imageSource(pulling: .never),
            building: .never,
            warn: session.show
        )
        var options = ProjectChange.UpOptions()
        options.services = names
        options.planning.recreation = .always
        options.planning.rolls = true
        options.grace = timeout.map { .seconds($0) }
        options.ignoresOrphans = true
        try await bringUp.run(options)
        return 0
    }

    /// Warns of containers that `up` would recreate, since their definition has changed.
    private func warnOfChanges(in session: Session) throws {
        let reference = try session.projectReference(naming: services)
        // A file that cannot be loaded does not keep containers from being restarted.
        guard let project = session.projectForRestart() else { return }
        let selection = try reference.selection(of: services)
        let changed = try reference.containers().filter { container in
            selection.contains(container) && !container.record.isOneOff
                && project.hasChanged(since: container)
        }
        guard !changed.isEmpty else { return }
        let names = changed.map(\.record.name).joined(separator: ", ")
        session.warn(
            "the definition of \(names) has changed since; 'swiftcompose up' applies it, "
                + "'swiftcompose diff' shows the changes"
        )
    }
}
