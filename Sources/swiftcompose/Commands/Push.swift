import ArgumentParser
import ComposeFile
import ImageStore
import OCI
import Orchestrator

struct Push: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Push the images of services that have a 'build' section.",
        discussion: "The registry is part of the image's name: 'image: registry.example/team/api'."
    )

    @Flag(help: "Push what can be pushed, and exit with 0.")
    var ignorePushFailures = false

    @Flag(help: "Also push the images of services that the named ones depend on.")
    var includeDeps = false

    @Flag(name: .shortAndLong, help: "No progress.")
    var quiet = false

    @Argument(help: "The services; all of them if none is named.", completion: .declaredServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try session.demandPrivilege()
        let project = try session.loadProject(services: services)
        let host = try session.openHost()
        let wanted = project.services(named: services, andOthers: includeDeps)
            .filter { $0.build != nil }
        let failure = try await session.showingProgress("Pushing", isQuiet: quiet) { sink in
            var references: Set<ImageReference> = []
            for service in wanted {
                if service.image == nil {
                    let object = "Service \(service.name)"
                    sink(ProgressEvent(object, "Skipped", .warning, detail: "it names no image"))
                } else {
                    references.insert(try ImageReference(project.imageName(of: service)))
                }
            }
            let sorted = references.sorted { $0.description < $1.description }
            return await session.transfers.run(sorted) { reference in
                try await session.send(reference, from: host.images, telling: sink)
            }.firstFailure
        }
        guard let failure, !ignorePushFailures else { return 0 }
        throw failure
    }
}
