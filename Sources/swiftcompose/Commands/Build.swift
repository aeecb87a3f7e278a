import ArgumentParser
import ComposeFile
import ImageBuilder
import Notation
import OCI
import Orchestrator

struct Build: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build the images of services."
    )

    @Option(help: "Set a build-time variable for services (KEY[=VALUE]); repeatable.")
    var buildArg: [String] = []

    @Flag(help: "Do not use the cache when building images.")
    var noCache = false

    @Flag(help: "Always attempt to pull a newer version of base images.")
    var pull = false

    @Flag(help: "Push the images of services.")
    var push = false

    @Flag(name: .shortAndLong, help: "Suppress the build output.")
    var quiet = false

    @Option(
        help: """
            SSH agent socket to use when building service images (default|ID=SOCKET); \
            repeatable.
            """
    )
    var ssh: [String] = []

    @Option(help: .hidden)
    var progress: ProgressMode?

    @OptionGroup var ignored: IgnoredBuildOptions

    @Flag(help: "Also build dependencies of the given services.")
    var withDependencies = false

    @Argument(
        help: "Services to build (default: all).",
        completion: .declaredServices
    )
    var services: [String] = []

    func validate() throws {
        if let key = ssh.first(where: { !$0.contains("=") && $0 != "default" }) {
            throw ValidationError("--ssh: '\(key)' is not default or ID=SOCKET")
        }
    }

    func run(in session: Session) async throws -> Int32 {
        let session = progress.map(session.showingProgress(as:)) ?? session
        var project = try session.loadProject(services: services)
        let wanted = project.services(named: services, andOthers: withDependencies)
            .filter { $0.build != nil }
        guard !wanted.isEmpty else {
            session.warn("No services to build")
            return 0
        }
        if ignored.attests { session.warn("attestations are not supported and not created") }
        session.warnOfIgnored(ignored.given)
        for service in wanted { adjust(&project, service.name) }
        if session.global.dryRun { return try await rehearse(wanted, project, session) }
        let host = try session.openHost()
        let supply = ImageSupply(
            host,
            project,
            builder: try session.imageBuilder(host),
            pull: session.pull(host)
        )
        let services = wanted.compactMap { project.services[$0.name] }
        _ = try await session.showingBuild(isQuiet: quiet) { progress in
            try await supply.build(services, progress)
        }
        if push { try await self.push(wanted, host, session) }
        return 0
    }

    /// Reports the images that would be built, and pushed.
    private func rehearse(
        _ services: [Service],
        _ project: Project,
        _ session: Session
    ) async throws -> Int32 {
        try await session.showingProgress("Building", isQuiet: quiet) { progress in
            for name in services.map(project.imageName(of:)) {
                ProgressEvent.rehearse("Image \(name)", "Building", "Built", to: progress)
                guard push else { continue }
                ProgressEvent.rehearse("Image \(name)", "Pushing", "Pushed", to: progress)
            }
        }
        return 0
    }

    /// Pushes each image under all its names; throws the first failure.
    private func push(_ built: [Service], _ host: Host, _ session: Session) async throws {
        let names = built.flatMap { service in
            [service.image].compactMap(\.self) + (service.build?.tags ?? [])
        }
        let references = try Set(names).sorted().map { try ImageReference($0) }
        let failure = try await session.showingProgress("Pushing", isQuiet: quiet) { progress in
            await session.transfers.run(references) { reference in
                try await session.send(reference, from: host.images, progress: progress)
            }.firstFailure
        }
        if let failure { throw failure }
    }

    /// Applies the options to the build section of `service`.
    func adjust(_ project: inout Project, _ service: String) {
        let environment = project.environment
        for argument in buildArg {
            let (name, value) = argument.nameAndValue
            project.services[service]?.build?.arguments[name] = .some(value ?? environment[name])
        }
        for key in ssh {
            let (id, path) = key.nameAndValue
            let given = SSHKey(id: id, path: path?.isEmpty == true ? nil : path)
            project.services[service]?.build?.ssh.removeAll { $0.id == given.id }
            project.services[service]?.build?.ssh.append(given)
        }
        if noCache { project.services[service]?.build?.noCache = true }
        if pull { project.services[service]?.build?.pull = true }
    }
}
