import ArgumentParser
import ComposeFile
import ImageStore
import OCI
import Orchestrator

struct Pull: ComposeCommand {
    enum Policy: String, ExpressibleByArgument, CaseIterable {
        case missing
        case always
    }

    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Pull the images of services.",
        discussion: """
            Uses the credentials of 'docker login', 'podman login' and 'skopeo login'. A failure \
            does not prevent the pull of the other services' images.
            """
    )

    @Flag(help: "Skip services with a 'build' section.")
    var ignoreBuildable = false

    @Flag(help: "Exit with 0 even if some images cannot be pulled.")
    var ignorePullFailures = false

    @Flag(help: "Also pull services declared as dependencies.")
    var includeDeps = false

    @Option(help: "Apply a pull policy instead of the Compose file's (missing|always).")
    var policy: Policy?

    @Flag(name: .shortAndLong, help: "Do not print progress information.")
    var quiet = false

    @Flag(help: .hidden)
    var parallel = false

    @Flag(help: .hidden)
    var noParallel = false

    @Argument(help: "Services (default: all).", completion: .declaredServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        session.warnOfIgnored([("--parallel", parallel), ("--no-parallel", noParallel)])
        let project = try session.loadProject(services: services)
        let host = try session.openHost()
        let wanted = project.services(named: services, andOthers: includeDeps).filter { service in
            service.image != nil && !(ignoreBuildable && service.build != nil)
        }
        let failure = try await session.showingProgress("Pulling", isQuiet: quiet) { progress in
            var platforms: [ImageReference: Platform] = [:]
            for service in wanted {
                let reference = try ImageReference(project.imageName(of: service))
                let isPresent = try host.images.image(reference) != nil
                if let reason = reasonToSkip(service, isPresent: isPresent) {
                    let object = "Image \(reference.familiar)"
                    progress(ProgressEvent(object, "Skipped", .done, detail: reason))
                } else {
                    platforms[reference] = try service.platform.map { try Platform($0) } ?? .host
                }
            }
            let sorted = platforms.keys.sorted { $0.description < $1.description }
            return await session.transfers.run(sorted) { [platforms] reference in
                if session.global.dryRun {
                    let object = "Image \(reference.familiar)"
                    return ProgressEvent.rehearse(object, "Pulling", "Pulled", to: progress)
                }
                let platform = platforms[reference] ?? .host
                _ = try await session.fetch(
                    reference,
                    for: platform,
                    into: host.images,
                    progress: progress
                )
            }.firstFailure
        }
        guard let failure, !ignorePullFailures else { return 0 }
        suggestBuild(wanted, in: session)
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

    private func suggestBuild(_ wanted: [Service], in session: Session) {
        let buildable = wanted.filter { $0.build != nil }.map(\.name)
        guard !buildable.isEmpty else { return }
        session.warn(
            "some service image(s) must be built from source by running: "
                + "swiftcompose build \(buildable.joined(separator: " "))"
        )
    }
}
