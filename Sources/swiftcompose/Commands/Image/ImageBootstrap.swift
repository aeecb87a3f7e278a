import ArgumentParser
import ImageStore
import Linux
import OCI

struct ImageBootstrap: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Make a base image from a distribution's packages, with no registry.",
        discussion: """
            Installs the packages with mmdebstrap from the mirrors that this machine's apt is \
            configured with. Known are: \(Distribution.references.joined(separator: ", ")).
            """
    )

    @Argument(help: "The image, for example debian:bookworm-slim.")
    var image: String

    func run(in session: Session) async throws -> Int32 {
        let reference = try ImageReference(image)
        let bootstrap = Bootstrap(
            store: try session.openImages(),
            environment: session.environment,
            now: WallClock.now().seconds
        )
        let made = try await BackgroundThread.run {
            try bootstrap.run(reference) { Output.printError("\(reference.familiar): \($0)") }
        }
        Output.line("\(made.id)")
        return 0
    }
}
