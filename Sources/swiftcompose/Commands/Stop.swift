import ArgumentParser
import Orchestrator

struct Stop: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop containers without removing them."
    )

    @Option(name: .shortAndLong, help: "Timeout in seconds of stopping containers, before SIGKILL.")
    var timeout: Int?

    @Argument(
        help: "Services to stop (default: all).",
        completion: .runningServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try await session.change(services, "Stopping") { change, selection in
            try await change.stop(selection, grace: timeout.map { .seconds($0) })
        }
    }
}
