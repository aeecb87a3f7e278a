import ArgumentParser
import Orchestrator

struct Restart: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Stop and start containers that exist; changes of the file are not applied."
    )

    @Flag(help: "Do not restart dependents.")
    var noDeps = false

    @Option(name: .shortAndLong, help: "Seconds from the stop signal to SIGKILL.")
    var timeout: Int?

    @Argument(
        help: "The services to restart; all of them if none is named.",
        completion: .existingServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try await session.change(services, "Restarting") { change, selection in
            try await change.restart(
                selection,
                includesDependents: !noDeps,
                grace: timeout.map { .seconds($0) }
            )
        }
    }
}
