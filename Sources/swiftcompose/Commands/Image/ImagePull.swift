import ArgumentParser
import ImageStore
import OCI
import Orchestrator

struct ImagePull: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "pull",
        abstract: "Fetch an image from its registry."
    )

    @Option(help: "OS/ARCHITECTURE; this machine's if not given.")
    var platform: String?

    @Flag(name: .shortAndLong, help: "No progress.")
    var quiet = false

    @Argument(help: "The image: [REGISTRY/]NAME[:TAG][@DIGEST].")
    var image: String

    func run(in session: Session) async throws -> Int32 {
        let store = try session.openImages()
        let reference = try ImageReference(image)
        let platform = try platform.map { try Platform($0) } ?? .host
        let fetched = try await session.showingProgress("Pulling", isQuiet: quiet) { sink in
            try await session.fetch(reference, for: platform, into: store, telling: sink)
        }
        Output.line("\(fetched.id)")
        return 0
    }
}
