import ArgumentParser
import ComposeFile
import ImageStore
import OCI
import Orchestrator

struct Push: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Push the images of services.",
        discussion:
            "The registry is part of the image's name, e.g., 'image: registry.example/team/api'."
    )

    @Flag(help: "Exit with 0 even if some images cannot be pushed.")
    var ignorePushFailures = false

    @Flag(help: "Also push images of services declared as dependencies.")
    var includeDeps = false

    @Flag(name: .shortAndLong, help: "Do not print progress information.")
    var quiet = false

    @Argument(help: "Services (default: all).", completion: .declaredServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let project = try session.loadProject(services: services)
        let host = try session.openHost()
        let wanted = project.services(named: services, andOthers: includeDeps)
            .filter { $0.build != nil }
        let failure = try await session.showingProgress("Pushing", isQuiet: quiet) { progress in
            var references: Set<ImageReference> = []
            for service in wanted {
                if service.image == nil {
                    let object = "Service \(service.name)"
                    progress(ProgressEvent(object, "Skipped", .warning, detail: "no image name"))
                } else {
                    references.insert(try ImageReference(project.imageName(of: service)))
                }
            }
            let sorted = references.sorted { $0.description < $1.description }
            return await session.transfers.run(sorted) { reference in
                try await session.send(reference, from: host.images, progress: progress)
            }.firstFailure
        }
        guard let failure, !ignorePushFailures else { return 0 }
        throw failure
    }
}
