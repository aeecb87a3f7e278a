import ArgumentParser
import ImageStore
import Linux
import Orchestrator

struct ImagePrune: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove dangling images and unused layers."
    )

    @Flag(
        name: .shortAndLong,
        help: "Remove all images that no container uses, not just dangling ones."
    )
    var all = false

    @Flag(name: .shortAndLong, help: "Accepted for compatibility with docker; there is no prompt.")
    var force = false

    func run(in session: Session) async throws -> Int32 {
        let host = try session.openHost()
        let all = all
        let report = try await BackgroundThread.run {
            try host.images.prune(named: all) {
                try host.contentInUse { session.warn("\($0)") }
            }
        }
        guard let report else {
            throw CommandError.storeBusy
        }
        for id in report.images { Output.line("deleted: \(id)") }
        Output.line("Total reclaimed space: \(DecimalSize.text(report.bytes))")
        if report.bytesKept > 0 {
            session.warn(
                "the build cache keeps \(DecimalSize.text(report.bytesKept)) of the removed images' "
                    + "layers; remove them with 'swiftcompose image builder prune'"
            )
        }
        return 0
    }
}
