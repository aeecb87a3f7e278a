import ArgumentParser
import Orchestrator

struct Restart: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "restart",
        abstract: "Restart containers; changes of the Compose file are not applied."
    )

    @Flag(help: "Do not restart dependent services.")
    var noDeps = false

    @Option(name: .shortAndLong, help: "Timeout in seconds of stopping containers, before SIGKILL.")
    var timeout: Int?

    @Argument(
        help: "Services to restart (default: all).",
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
