import ArgumentParser
import ComposeFile
import Notation
import Orchestrator

struct Scale: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Change the number of containers of services."
    )

    @Flag(help: "Do not start dependencies.")
    var noDeps = false

    @Argument(
        help: "Number of containers of a service, SERVICE=N; several may be given.",
        completion: .declaredServices
    )
    var counts: [String]

    func run(in session: Session) async throws -> Int32 {
        let names = counts.map(\.nameAndValue.name)
        var project = try session.loadProject(services: names)
        if noDeps { project.deactivateDependencies(of: names) }
        try project.apply(scale: counts)
        var options = ProjectChange.UpOptions()
        options.services = names
        options.planning.recreation = .never
        options.ignoresOrphans = try session.ignoresOrphans(removing: false)
        try await ImageOptions.parse([]).bringUp(project, in: session).run(options)
        return 0
    }
}
