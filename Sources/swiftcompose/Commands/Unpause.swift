import ArgumentParser
import Orchestrator

struct Unpause: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpause",
        abstract: "Let paused containers go on."
    )

    @Argument(help: "The services; all of them if none is named.", completion: .existingServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try await session.change(services, "Unpausing") { change, selection in
            try await change.resume(selection)
        }
    }
}
