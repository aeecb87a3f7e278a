import ArgumentParser
import ComposeFile
import ImageBuilder
import Orchestrator

struct Build: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the images of services that have a 'build' section."
    )

    @Option(help: "KEY[=VALUE]: a build argument for every service; repeatable.")
    var buildArg: [String] = []

    @Flag(help: "Do not use the build cache.")
    var noCache = false

    @Flag(help: "Ask the registry for newer base images.")
    var pull = false

    @Flag(name: .shortAndLong, help: "No build output.")
    var quiet = false

    @Flag(help: "Also build what the named services depend on.")
    var withDependencies = false

    @Argument(help: "The services to build; all of them if none is named.")
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        var project = try session.loadProject(services: services)
        let wanted = project.services(named: services, andOthers: withDependencies)
            .filter { $0.build != nil }
        guard !wanted.isEmpty else {
            session.warn("No services to build")
            return 0
        }
        for service in wanted { adjust(&project, service.name) }
        let machine = try Machine(session.paths)
        let supply = ImageSupply(
            machine,
            project,
            builder: session.imageBuilder(machine),
            pull: session.pull(machine)
        )
        let display = BuildDisplay(session, isQuiet: quiet)
        _ = try await supply.build(wanted.compactMap { project.services[$0.name] }, display.sink)
        return 0
    }

    private func adjust(_ project: inout Project, _ service: String) {
        let environment = project.environment
        for argument in buildArg {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count > 1 ? parts[1] : environment[parts[0]]
            project.services[service]?.build?.arguments[parts[0]] = .some(value)
        }
        if noCache { project.services[service]?.build?.noCache = true }
        if pull { project.services[service]?.build?.pull = true }
    }
}
