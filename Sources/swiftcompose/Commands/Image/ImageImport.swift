import Archive
import ArgumentParser
import ImageBuilder
import ImageStore
import Linux
import OCI
import Orchestrator
import SystemPackage

struct ImageImport: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Create an image from the tar archive of a root file system."
    )

    @Option(
        name: .shortAndLong,
        parsing: .singleValue,
        help: """
            Dockerfile instruction to apply (CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, …); \
            repeatable.
            """
    )
    var change: [String] = []

    @Option(name: .shortAndLong, help: "Set a commit message for the imported image.")
    var message: String?

    @Option(help: "Platform of the image, e.g., linux/arm64 (default: the host's).")
    var platform: String?

    @Argument(help: "Archive, compressed or not; '-' for standard input.", completion: .file())
    var archive: String

    @Argument(help: "Name of the image, REPOSITORY[:TAG].", completion: .images)
    var name: String?

    func run(in session: Session) async throws -> Int32 {
        let (store, reference) = (try session.openImages(), try name.map { try ImageReference($0) })
        var configuration = ImageConfiguration(created: .now)
        if let platform { configuration.platform = try Platform(platform) }
        for change in change { try configuration.config.apply(change) }
        configuration.history = [
            History(
                created: configuration.created,
                createdBy: "swiftcompose image import",
                comment: message
            )
        ]
        let (finished, path) = (configuration, archive)
        let image = try await BackgroundThread.run {
            let source = try ByteSource(argument: path)
            return try store.importRootfs(source, as: reference, configuration: finished)
        }
        Output.line("\(image.id)")
        return 0
    }
}

extension ByteSource {
    /// Opens the file of an argument; `-` is standard input.
    init(argument: String) throws(ArchiveError) {
        if argument == "-" {
            self.init(borrowing: 0, name: "standard input")
        } else {
            try self.init(file: FilePath(argument))
        }
    }
}
