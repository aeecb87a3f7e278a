import ComposeFile
import Orchestrator

/// Images first, then containers: what `up`, `create` and `run` have in common.
struct BringUp: Sendable {
    let session: Session
    let project: Project
    let images: ImageOptions

    /// Returns when the project is as the options ask.
    func run(_ options: ProjectChange.UpOptions) async throws {
        let images = try await images(for: options)
        try await session.change(project.name, "Running") { change in
            try await change.up(project, images: images, options: options)
        }
    }

    /// Each service's image: found, pulled or built.
    func images(for options: ProjectChange.UpOptions) async throws -> [String: ServiceImage] {
        try await ImageSupplier(session: session, project: project, options: images)
            .supply(project.serviceNames)
    }
}
