import ArgumentParser
import ComposeFile
import Orchestrator

struct Watch: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Bring services up and update them when their files change.",
        discussion: """
            The rules are the 'develop.watch' sections of the Compose file. An interrupt ends the \
            command; the services keep running.
            """
    )

    @Flag(help: "Do not build and start services before watching.")
    var noUp = false

    @Flag(inversion: .prefixedNo, help: "Remove the images that rebuilds replace.")
    var prune = true

    @Flag(help: "Suppress the build output.")
    var quiet = false

    @Argument(
        help: "Services to watch (default: all).",
        completion: .declaredServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let project = try session.loadProject(services: services)
        for service in services where project.services[service]?.develop?.watch.isEmpty != false {
            session.warn("service \"\(service)\" has no 'develop.watch' section; it is not watched")
        }
        let images = try ImageOptions.parse(["--quiet-pull"] + (quiet ? ["--quiet-build"] : []))
        let watch = try ProjectWatch(
            session.projectSession(project.name),
            project,
            images: images.source(in: session, buildOutput: Output.line),
            prunes: prune,
            report: Output.line,
            warn: session.warn
        )
        if !noUp { try await bringUp(project, in: session) }
        guard !session.global.dryRun else { return 0 }
        return try await watch.untilInterrupted()
    }

    private func bringUp(_ project: Project, in session: Session) async throws {
        var project = project
        for (name, service) in project.services where service.build != nil {
            if service.develop != nil { project.services[name]?.pullPolicy = .build }
        }
        let images = try ImageOptions.parse(quiet ? ["--quiet-build", "--quiet-pull"] : [])
        var options = ProjectChange.UpOptions()
        options.services = services
        options.ignoresOrphans = try session.ignoresOrphans(removing: false)
        try await images.bringUp(project, in: session).run(options)
    }
}
