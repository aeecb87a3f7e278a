import ArgumentParser
import Orchestrator

struct Create: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Do everything that 'up' does, short of starting."
    )

    @OptionGroup var images: ImageOptions

    @Flag(help: "Replace containers even if nothing changed.")
    var forceRecreate = false

    @Flag(help: "Never replace containers that exist.")
    var noRecreate = false

    @Flag(help: "Remove containers of services that are not in the file.")
    var removeOrphans = false

    @Option(help: "SERVICE=N: the number of containers of a service; repeatable.")
    var scale: [String] = []

    @Flag(name: .shortAndLong, help: "Answer yes to questions.")
    var yes = false

    @Argument(
        help: "The services to create; all of them if none is named.",
        completion: .declaredServices
    )
    var services: [String] = []

    func validate() throws {
        if forceRecreate && noRecreate {
            throw CommandError.contradiction("--force-recreate", "--no-recreate")
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
        try await BringUp(session: session, project: project, images: images).run(options)
        return 0
    }
}
