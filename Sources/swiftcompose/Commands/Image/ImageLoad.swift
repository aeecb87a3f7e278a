import Archive
import ArgumentParser
import ImageStore
import Linux
import OCI
import SystemPackage

struct ImageLoad: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Load images from a tar archive or an OCI layout.",
        discussion: """
            Reads archives of 'docker save', 'podman save', 'skopeo copy … oci-archive:' and \
            'swiftcompose image save', compressed or not, and OCI layouts in directories.
            """
    )

    @Option(
        name: .shortAndLong,
        help: "Read from an archive or directory instead of standard input.",
        completion: .file()
    )
    var input = "-"

    @Option(help: "Load only the given platform variant (default: the host's).")
    var platform: String?

    @Flag(name: .shortAndLong, help: "Suppress the load output.")
    var quiet = false

    func run(in session: Session) async throws -> Int32 {
        let (store, input) = (try session.openImages(), input)
        let platform = try platform.map { try Platform($0) } ?? .host
        let images = try await BackgroundThread.run {
            let path = FilePath(input)
            if input != "-", try FileSystem.status(of: path).kind == .directory {
                return try store.load(layout: path, platform: platform)
            }
            return try store.load(ByteSource(argument: input), platform: platform)
        }
        for tagged in images where !quiet {
            if let reference = tagged.reference {
                Output.line("Loaded image: \(reference.familiar)")
            } else {
                Output.line("Loaded image ID: \(tagged.image.id)")
            }
        }
        return 0
    }
}
