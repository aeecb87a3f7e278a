import ArgumentParser
import Orchestrator

struct Pause: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Suspend the processes of running containers."
    )

    @Argument(help: "Services (default: all).", completion: .runningServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try await session.change(services, "Pausing") { change, selection in
            try await change.pause(selection)
        }
    }
}
