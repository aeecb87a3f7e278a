import ArgumentParser
import ImageStore
import Linux
import Orchestrator

struct ImagePrune: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Remove images without a name, and layers that nothing needs any more."
    )

    @Flag(name: .shortAndLong, help: "Also images with a name that no container was made from.")
    var all = false

    @Flag(name: .shortAndLong, help: "Accepted for docker's sake; nothing is asked.")
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
            Output.printError(
                "a build or pull is going on; nothing was removed, try again after it"
            )
            return 1
        }
        for id in report.images { Output.line("deleted: \(id)") }
        Output.line("Total reclaimed space: \(DecimalSize.text(report.bytes))")
        return 0
    }
}
