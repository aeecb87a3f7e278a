import Archive
import ArgumentParser
import ImageStore
import Linux
import OCI
import SystemPackage

struct ImageSave: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "save",
        abstract: "Write images as one archive that docker, podman and skopeo read."
    )

    @Option(name: .shortAndLong, help: "The file to write; standard output if not given.")
    var output: String?

    @Argument(help: "Names, or beginnings of ids.")
    var images: [String]

    func run(in session: Session) async throws -> Int32 {
        let store = try session.openImages()
        if output == nil, session.output.stream.isTerminal {
            throw ValidationError("an archive is nothing for a terminal; give a file with -o")
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

/// Where an archive is written to.
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
