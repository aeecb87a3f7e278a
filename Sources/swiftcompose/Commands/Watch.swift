import ArgumentParser
import ComposeFile
import Orchestrator

struct Watch: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Bring services up, and refresh them whenever their files change.",
        discussion: """
            What is done is said by 'develop.watch' in the file. It ends with an interrupt; the \
            services go on.
            """
    )

    @Flag(help: "Do not build and start first.")
    var noUp = false

    @Flag(inversion: .prefixedNo, help: "Remove the images that rebuilding leaves behind.")
    var prune = true

    @Flag(help: "No build output.")
    var quiet = false

    @Argument(
        help: "The services to watch; all of them if none is named.",
        completion: .declaredServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let project = try session.loadProject(services: services)
        for service in services where project.services[service]?.develop?.watch.isEmpty != false {
            session.warn("service \"\(service)\" has no 'develop.watch' section; it is not watched")
        }
        let watching = try Watching(
            session,
            project,
            prunes: prune,
            hidesBuild: quiet,
            tell: Output.line
        )
        if !noUp { try await bringUp(project, in: session) }
        guard !session.global.dryRun else { return 0 }
        return try await watching.untilInterrupted()
    }

    private func bringUp(_ project: Project, in session: Session) async throws {
        var project = project
        for (name, service) in project.services where service.build != nil {
            if service.develop != nil { project.services[name]?.pullPolicy = .build }
        }
        let images = try ImageOptions.parse(quiet ? ["--quiet-build", "--quiet-pull"] : [])
        var options = ProjectChange.UpOptions()
        options.services = services
        try await BringUp(session: session, project: project, images: images).run(options)
    }
}
