import ArgumentParser
import Orchestrator

struct Create: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create containers for services without starting them."
    )

    @OptionGroup var images: ImageOptions

    @Flag(help: "Recreate containers even if their configuration and image have not changed.")
    var forceRecreate = false

    @Flag(help: "Do not recreate existing containers.")
    var noRecreate = false

    @Flag(help: "Remove containers of services that are not defined in the Compose file.")
    var removeOrphans = false

    @Option(
        help: """
            Scale SERVICE to N instances, overriding the Compose file (SERVICE=N); repeatable.
            """,
        completion: .declaredServices
    )
    var scale: [String] = []

    @Flag(name: .shortAndLong, help: "Answer 'yes' to all prompts.")
    var yes = false

    @Argument(
        help: "Services to create (default: all).",
        completion: .declaredServices
    )
    var services: [String] = []

    func validate() throws {
        if forceRecreate && noRecreate {
            throw CommandError.incompatible("--force-recreate", "--no-recreate")
        }
    }

    func run(in session: Session) async throws -> Int32 {
        var project = try session.loadProject(services: services)
        try project.apply(scale: scale)
        var options = ProjectChange.UpOptions()
        options.services = services
        options.planning.recreation = forceRecreate ? .always : noRecreate ? .never : .whenChanged
        options.planning.removesOrphans = removeOrphans
        options.planning.starts = false
        options.assumesYes = yes
        options.ignoresOrphans = try session.ignoresOrphans(removing: removeOrphans)
        try await images.bringUp(project, in: session).run(options)
        return 0
    }
}
