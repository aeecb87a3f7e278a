import ArgumentParser
import Orchestrator

struct Stop: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop services; their containers stay and can be started again."
    )

    @Option(name: .shortAndLong, help: "Seconds from the stop signal to SIGKILL.")
    var timeout: Int?

    @Argument(
        help: "The services to stop; all of them if none is named.",
        completion: .runningServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try await session.change(services, "Stopping") { change, selection in
            try await change.stop(selection, grace: timeout.map { .seconds($0) })
        }
    }
}
