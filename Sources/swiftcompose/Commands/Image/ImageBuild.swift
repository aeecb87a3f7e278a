import ArgumentParser
import ImageBuilder
import ImageStore
import Linux
import OCI
import Orchestrator
import SystemPackage

struct ImageBuild: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "build",
        abstract: "Build an image from a Dockerfile.",
        discussion: """
            Supports the Dockerfile syntax of BuildKit. Independent steps run in parallel, and \
            steps whose inputs have not changed come from the cache.
            """
    )

    @OptionGroup var options: ImageBuildOptions

    @Flag(name: .shortAndLong, help: "Suppress the build output and print the image ID on success.")
    var quiet = false

    @Option(
        name: .customLong("iidfile"),
        help: "Write the image ID to a file.",
        completion: .file()
    )
    var imageIDFile: String?

    func run(in session: Session) async throws -> Int32 {
        let request = try options.request(in: session)
        let builder = try session.imageBuilder(try session.openHost())
        let images: [Image]
        do {
            images = try await session.endingOnSignals {
                try await session.showingBuild(isQuiet: quiet) { progress in
                    try await builder.build([request], progress: progress)
                }
            }
        } catch let error as BuildError {
            Output.printError("\(error)")
            return 1
        }
        guard let image = images.first else { return 1 }
        if quiet { Output.line("\(image.id)") }
        if let imageIDFile {
            try AtomicFile.write(Array("\(image.id)".utf8), to: FilePath(imageIDFile))
        }
        return 0
    }
}
