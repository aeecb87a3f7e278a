import ArgumentParser
import ImageStore
import OCI
import Orchestrator

struct ImagePull: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Pull an image from its registry."
    )

    @Option(help: "Platform, OS/ARCHITECTURE[/VARIANT] (default: the host's).")
    var platform: String?

    @Flag(name: .shortAndLong, help: "Do not print progress information.")
    var quiet = false

    @Argument(help: "Image to pull, [REGISTRY/]NAME[:TAG][@DIGEST].", completion: .images)
    var image: String

    func run(in session: Session) async throws -> Int32 {
        let store = try session.openImages()
        let reference = try ImageReference(image)
        let platform = try platform.map { try Platform($0) } ?? .host
        let fetched = try await session.showingProgress("Pulling", isQuiet: quiet) { progress in
            try await session.fetch(reference, for: platform, into: store, progress: progress)
        }
        Output.line("\(fetched.id)")
        return 0
    }
}
