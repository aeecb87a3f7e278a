import ArgumentParser
import Orchestrator

struct Pause: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Freeze the running containers' processes."
    )

    @Argument(help: "The services; all of them if none is named.", completion: .runningServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try await session.change(services, "Pausing") { change, selection in
            try await change.pause(selection)
        }
    }
}
