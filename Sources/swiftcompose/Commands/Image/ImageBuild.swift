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
            Understands what 'docker build' does with BuildKit. Steps that do not depend on each \
            other run at once, and steps whose inputs have not changed are not run again.
            """
    )

    @OptionGroup var options: ImageBuildOptions

    @Flag(name: .shortAndLong, help: "Print the image's id alone.")
    var quiet = false

    @Option(name: .customLong("iidfile"), help: "Write the image's id to this file.")
    var identityFile: String?

    func run(in session: Session) async throws -> Int32 {
        let request = try options.request(in: session)
        let builder = session.imageBuilder(try session.openHost())
        let display = BuildDisplay(isQuiet: quiet, mode: session.progressMode)
        let images: [Image]
        do {
            images = try await session.endingOnSignals {
                try await builder.build([request], progress: display.sink)
            }
        } catch let error as BuildError {
            Output.printError("\(error)")
            return 1
        }
        guard let image = images.first else { return 1 }
        if quiet { Output.line("\(image.id)") }
        if let identityFile {
            try AtomicFile.write(Array("\(image.id)".utf8), to: FilePath(identityFile))
        }
        return 0
    }
}
