import ComposeFile
import ImageBuilder
import Orchestrator

/// Comes by the images of a project for a command, telling of builds and pulls.
struct ImageSupplier: Sendable {
    let session: Session
    let project: Project
    let options: ImageOptions

    func supply(_ services: [String]) async throws -> [String: ServiceImage] {
        try session.demandPrivilege()
        let host = try session.openHost()
        var supply = ImageSupply(
            host,
            project,
            builder: session.imageBuilder(host),
            pull: session.pull(host, isQuiet: options.quietPull)
        )
        supply.building = options.build ? .always : options.noBuild ? .never : .whenMissing
        supply.pulling =
            switch options.pull {
            case .policy, .build: .perService
            case .always: .always
            case .missing: .whenMissing
            case .never: .never
            }
        let display = BuildDisplay(isQuiet: options.quietBuild, mode: session.progressMode)
        return try await supply.supply(services, progress: display.sink)
    }
}
