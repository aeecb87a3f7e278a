import ArgumentParser
import ImageStore
import OCI

struct ImagePush: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "push",
        abstract: "Push an image to the registry in its name."
    )

    @Flag(name: .shortAndLong, help: "Do not print progress information.")
    var quiet = false

    @Argument(help: "Image to push, [REGISTRY/]NAME[:TAG].", completion: .images)
    var image: String

    func run(in session: Session) async throws -> Int32 {
        let store = try session.openImages()
        let reference = try ImageReference(image)
        try await session.showingProgress("Pushing", isQuiet: quiet) { progress in
            try await session.send(reference, from: store, progress: progress)
        }
        return 0
    }
}
