import Archive
import ArgumentParser
import ImageStore
import Linux
import OCI
import Orchestrator
import SystemPackage

struct ImageImport: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Make an image from the tar archive of a root file system."
    )

    @Option(
        name: .shortAndLong,
        parsing: .singleValue,
        help: "A Dockerfile instruction to apply: CMD, ENTRYPOINT, ENV, EXPOSE, LABEL …"
    )
    var change: [String] = []

    @Option(name: .shortAndLong, help: "What to write into the image's history.")
    var message: String?

    @Option(help: "What the image runs on, for example linux/arm64.")
    var platform: String?

    @Argument(help: "The archive, compressed or not; - for standard input.")
    var archive: String

    @Argument(help: "The image's name.")
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
    /// The file that an argument names; `-` is standard input.
    init(argument: String) throws(ArchiveError) {
        if argument == "-" {
            self.init(borrowing: 0, name: "standard input")
        } else {
            try self.init(file: FilePath(argument))
        }
    }
}
