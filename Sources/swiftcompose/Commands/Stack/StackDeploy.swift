import ArgumentParser
import Conversion
import OCI
import Orchestrator
import Registry
import Swarm

struct StackDeploy: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Create or update a stack from the project, dependencies first.",
        discussion: """
            Prints the attributes without counterpart in a swarm as warnings; see \
            'bridge convert --target swarm'. Images must be in a registry that all nodes reach.
            """
    )

    /// When the registry is asked for the images' digests.
    enum Resolution: String, CaseIterable, ExpressibleByArgument {
        case always, changed, never
    }

    @OptionGroup var engine: EngineOptions

    @Flag(help: "Remove services that the project no longer has.")
    var prune = false

    @Flag(help: "Send the logins of docker's config.json for the images' registries.")
    var withRegistryAuth = false

    @Option(help: "When to ask the registry for the images' digests (always|changed|never).")
    var resolveImage = Resolution.always

    @Flag(name: .shortAndLong, help: "Do not wait until the tasks run.")
    var detach = false

    @Argument(help: "Name of the stack.")
    var name: String

    func run(in session: Session) async throws -> Int32 {
        let project = try session.loadProject()
        let stack = try SwarmStack(project, name: name, files: session.files)
        for entry in stack.report.missing {
            session.warn(
                "\(entry.location): \(entry.name): no counterpart; \(entry.outcome.detail)"
            )
        }
        guard !session.global.dryRun else { throw CommandError.noDryRun }
        let options = try options(in: session)
        try await engine.withClient(in: session) { client in
            try await session.showingProgress("Deploying") { progress in
                let progress = ProgressEvent.stack(progress)
                try await StackDeployment(client, stack, options, progress: progress).run()
            }
        }
        return 0
    }

    private func options(in session: Session) throws -> StackDeployment.Options {
        var options = StackDeployment.Options()
        options.resolution =
            switch resolveImage {
            case .always: .always
            case .changed: .changed
            case .never: .never
            }
        options.prunes = prune
        options.detaches = detach
        if withRegistryAuth {
            let credentials = try Credentials(
                reading: Credentials.standardPath(environment: session.environment),
                environment: session.environment
            )
            options.authorization = { image in
                try await credentials.engineAuthorization(for: ImageReference(image).domain)
            }
        }
        return options
    }
}
