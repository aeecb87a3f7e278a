import Archive
import ArgumentParser
import ImageStore
import Linux
import OCI
import SystemPackage

struct ImageSave: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Write images to a tar archive that docker, podman and skopeo can load."
    )

    @Option(
        name: .shortAndLong,
        help: "Write to a file instead of standard output.",
        completion: .file()
    )
    var output: String?

    @Argument(help: "Image names, IDs or unique ID prefixes.", completion: .images)
    var images: [String]

    func run(in session: Session) async throws -> Int32 {
        let store = try session.openImages()
        if output == nil, session.output.stream.isTerminal {
            throw ValidationError("refusing to write an archive to a terminal; use --output FILE")
        }
        let chosen = try images.map { name in
            let image = try session.image(named: name, in: store)
            let isID = image.id.hex.hasPrefix(name) || "\(image.id)" == name
            return TaggedImage(reference: isID ? nil : try ImageReference(name), image: image)
        }
        let output = output
        try await BackgroundThread.run {
            let file = ArchiveFile(
                try output.map { path in
                    try Descriptor.open(FilePath(path), [.writing, .creating, .truncating])
                } ?? Descriptor.duplicating(1)
            )
            try store.save(chosen, to: file.write)
        }
        return 0
    }
}

/// The destination of an archive.
private final class ArchiveFile {
    private let descriptor: Descriptor

    init(_ descriptor: consuming Descriptor) { self.descriptor = descriptor }

    func write(_ bytes: [UInt8]) throws(ArchiveError) {
        do throws(SystemCallError) {
            try descriptor.write(bytes)
        } catch {
            throw ArchiveError(.system(error), in: "archive")
        }
    }
}
