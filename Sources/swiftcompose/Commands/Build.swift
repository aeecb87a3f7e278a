import ArgumentParser
import ComposeFile
import ImageBuilder
import OCI
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

    @Flag(help: "Push the images that the file names.")
    var push = false

    @Flag(name: .shortAndLong, help: "No build output.")
    var quiet = false

    @Option(help: "default or ID=SOCKET: an SSH agent for every service; repeatable.")
    var ssh: [String] = []

    @OptionGroup var ignored: IgnoredBuildOptions

    @Flag(help: "Also build what the named services depend on.")
    var withDependencies = false

    @Argument(
        help: "The services to build; all of them if none is named.",
        completion: .declaredServices
    )
    var services: [String] = []

    func validate() throws {
        if let key = ssh.first(where: { !$0.contains("=") && $0 != "default" }) {
            throw ValidationError("--ssh: '\(key)' is neither 'default' nor ID=SOCKET")
        }
    }

    func run(in session: Session) async throws -> Int32 {
        var project = try session.loadProject(services: services)
        let wanted = project.services(named: services, andOthers: withDependencies)
            .filter { $0.build != nil }
        guard !wanted.isEmpty else {
            session.warn("No services to build")
            return 0
        }
        if ignored.attests { session.warn("no attestations are made") }
        for service in wanted { adjust(&project, service.name) }
        let host = try session.openHost()
        let supply = ImageSupply(
            host,
            project,
            builder: session.imageBuilder(host),
            pull: session.pull(host)
        )
        let isQuiet = quiet || ["quiet", "none"].contains(ignored.progress)
        let display = BuildDisplay(isQuiet: isQuiet, mode: session.progressMode)
        _ = try await supply.build(wanted.compactMap { project.services[$0.name] }, display.sink)
        if push { try await self.push(wanted, host, session) }
        return 0
    }

    /// Pushes each image under all names that the file gives it; the first failure is told.
    private func push(_ built: [Service], _ host: Host, _ session: Session) async throws {
        let names = built.flatMap { service in
            [service.image].compactMap(\.self) + (service.build?.tags ?? [])
        }
        let references = try Set(names).sorted().map { try ImageReference($0) }
        let failure = try await session.showingProgress("Pushing", isQuiet: quiet) { sink in
            await session.transfers.run(references) { reference in
                try await session.send(reference, from: host.images, telling: sink)
            }.firstFailure
        }
        if let failure { throw failure }
    }

    private func adjust(_ project: inout Project, _ service: String) {
        let environment = project.environment
        for argument in buildArg {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            let value = parts.count > 1 ? parts[1] : environment[parts[0]]
            project.services[service]?.build?.arguments[parts[0]] = .some(value)
        }
        for key in ssh {
            let parts = key.split(separator: "=", maxSplits: 1).map(String.init)
            let given = SSHKey(id: parts[0], path: parts.dropFirst().first)
            project.services[service]?.build?.ssh.removeAll { $0.id == given.id }
            project.services[service]?.build?.ssh.append(given)
        }
        if noCache { project.services[service]?.build?.noCache = true }
        if pull { project.services[service]?.build?.pull = true }
    }
}
