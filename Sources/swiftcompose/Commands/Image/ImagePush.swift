import ArgumentParser
import ImageStore
import OCI

struct ImagePush: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Push an image to the registry that its name says."
    )

    @Flag(name: .shortAndLong, help: "No progress.")
    var quiet = false

    @Argument(help: "The image: [REGISTRY/]NAME[:TAG].")
    var image: String

    func run(in session: Session) async throws -> Int32 {
        let store = try session.openImages()
        let reference = try ImageReference(image)
        try await session.showingProgress("Pushing", isQuiet: quiet) { sink in
            try await session.send(reference, from: store, telling: sink)
        }
        return 0
    }
}
