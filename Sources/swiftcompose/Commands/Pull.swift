import ArgumentParser
import ComposeFile
import ImageStore
import OCI
import Orchestrator

struct Pull: ComposeCommand {
    enum Policy: String, ExpressibleByArgument {
        case missing
        case always
    }

    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch the images of services from their registries.",
        discussion: """
            Logins are those of 'docker login', 'podman login' and 'skopeo login'. A service whose \
            image cannot be fetched does not keep the others from theirs.
            """
    )

    @Flag(help: "Leave out services with a 'build' section.")
    var ignoreBuildable = false

    @Flag(help: "Fetch what can be fetched, and exit with 0.")
    var ignorePullFailures = false

    @Flag(help: "Also fetch the images of services that the named ones depend on.")
    var includeDeps = false

    @Option(help: "missing or always, whatever the file says.")
    var policy: Policy?

    @Flag(name: .shortAndLong, help: "No progress.")
    var quiet = false

    @Flag(help: .hidden)
    var parallel = false

    @Flag(help: .hidden)
    var noParallel = false

    @Argument(help: "The services; all of them if none is named.", completion: .declaredServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try session.demandPrivilege()
        let project = try session.loadProject(services: services)
        let host = try session.openHost()
        let wanted = project.services(named: services, andOthers: includeDeps).filter { service in
            service.image != nil && !(ignoreBuildable && service.build != nil)
        }
        let failure = try await session.showingProgress("Pulling", isQuiet: quiet) { sink in
            var platforms: [ImageReference: Platform] = [:]
            for service in wanted {
                let reference = try ImageReference(project.imageName(of: service))
                let isPresent = try host.images.image(reference) != nil
                if let reason = reasonToSkip(service, isPresent: isPresent) {
                    let object = "Image \(reference.familiar)"
                    sink(ProgressEvent(object, "Skipped", .done, detail: reason))
                } else {
                    platforms[reference] = try service.platform.map { try Platform($0) } ?? .host
                }
            }
            let sorted = platforms.keys.sorted { $0.description < $1.description }
            return await session.transfers.run(sorted) { [platforms] reference in
                let platform = platforms[reference] ?? .host
                _ = try await session.fetch(
                    reference,
                    for: platform,
                    into: host.images,
                    telling: sink
                )
            }.firstFailure
        }
        guard let failure, !ignorePullFailures else { return 0 }
        hintAtBuilding(wanted, in: session)
        throw failure
    }

    private func reasonToSkip(_ service: Service, isPresent: Bool) -> String? {
        switch service.pullPolicy {
        case .never: return "pull_policy: never"
        case .build: return "pull_policy: build"
        default: break
        }
        let isLazy = service.pullPolicy == .missing || service.pullPolicy == .ifNotPresent
        let effective = policy ?? (isLazy ? .missing : .always)
        return effective == .missing && isPresent ? "Image is already present locally" : nil
    }

    private func hintAtBuilding(_ wanted: [Service], in session: Session) {
        let buildable = wanted.filter { $0.build != nil }.map(\.name)
        guard !buildable.isEmpty else { return }
        session.warn(
            "some service image(s) must be built from source by running: "
                + "swiftcompose build \(buildable.joined(separator: " "))"
        )
    }
}
