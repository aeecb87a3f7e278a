import ArgumentParser
import ImageStore
import Linux
import OCI

struct ImageBootstrap: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Create a base image from a distribution's packages, without a registry.",
        discussion: """
            Installs the packages with mmdebstrap from the mirrors in the host's apt \
            configuration; 'busybox' needs only the package busybox-static. Known images: \(Bootstrap.references.joined(separator: ", ")).
            """
    )

    @Argument(
        help: "Image to create, e.g., debian:bookworm-slim.",
        completion: .list(Bootstrap.references)
    )
    var image: String

    func run(in session: Session) async throws -> Int32 {
        let reference = try ImageReference(image)
        let bootstrap = Bootstrap(
            store: try session.openImages(),
            environment: session.environment,
            now: WallClock.now().seconds
        )
        let image = try await BackgroundThread.run {
            try bootstrap.run(reference) { Output.printError("\(reference.familiar): \($0)") }
        }
        Output.line("\(image.id)")
        return 0
    }
}
