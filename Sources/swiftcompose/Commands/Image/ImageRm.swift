import ArgumentParser
import ImageBuilder
import ImageStore
import Linux
import OCI
import Orchestrator

struct ImageRm: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove names of images; an image goes with its last name.",
        aliases: ["remove"]
    )

    @Flag(name: .shortAndLong, help: "Also when a container was made from the image.")
    var force = false

    @Argument(help: "Names, or beginnings of ids.")
    var images: [String]

    func run(in session: Session) async throws -> Int32 {
        let store = try session.openImages()
        let inUse = try session.openHost().contentInUse { session.warn("\($0)") }
        for name in images {
            let image = try session.image(named: name, in: store)
            let names = try store.images().filter { $0.image.id == image.id }
                .compactMap(\.reference)
            // An id, which is no reference when it is whole, stands for all names of the image.
            let named = (try? ImageReference(name)).flatMap { names.contains($0) ? $0 : nil }
            let doomed = named.map { [$0] } ?? names
            let goes = doomed.count == names.count
            if goes, inUse.images.contains(image.id), !force {
                throw ImageStoreError(.inUse, in: name)
            }
            for reference in doomed {
                try store.untag(reference)
                Output.line("Untagged: \(reference.familiar)")
            }
            if goes, !inUse.images.contains(image.id) { Output.line("Deleted: \(image.id)") }
        }
        _ = try await BackgroundThread.run { try store.collectGarbage(inUse: inUse) }
        return 0
    }
}
