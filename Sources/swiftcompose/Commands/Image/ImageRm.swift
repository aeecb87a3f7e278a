import ArgumentParser
import ImageStore
import Linux
import OCI
import Orchestrator

struct ImageRm: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove image names, and each image with its last name.",
        aliases: ["remove"]
    )

    @Flag(name: .shortAndLong, help: "Force removal of an image that a container uses.")
    var force = false

    @Argument(help: "Image names, IDs or unique ID prefixes.", completion: .images)
    var images: [String]

    func run(in session: Session) async throws -> Int32 {
        let host = try session.openHost()
        var status: Int32 = 0
        for name in images {
            do {
                try await remove(name, on: host, session)
            } catch {
                Output.printError("Error: \(error)")
                status = 1
            }
        }
        return status
    }

    private func remove(_ name: String, on host: Host, _ session: Session) async throws {
        let force = force
        let report = try await BackgroundThread.run {
            let image = try session.image(named: name, in: host.images)
            let names = try host.images.images().filter { $0.image.id == image.id }
                .compactMap(\.reference)
            // An ID, which is not a reference if it is complete, stands for all names.
            let named = (try? ImageReference(name)).flatMap { names.contains($0) ? $0 : nil }
            return try host.images.remove(named.map { [$0] } ?? names, force: force) {
                try host.contentInUse { session.warn("\($0)") }
            }
        }
        for reference in report.untagged { Output.line("Untagged: \(reference.familiar)") }
        for id in report.garbage?.images ?? [] { Output.line("Deleted: \(id)") }
        guard report.inUse.isEmpty else { throw ImageStoreError(.inUse, in: name) }
    }
}
