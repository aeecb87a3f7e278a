import ArgumentParser
import Orchestrator

struct Unpause: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "unpause",
        abstract: "Resume the processes of paused containers."
    )

    @Argument(help: "Services (default: all).", completion: .existingServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try await session.change(services, "Unpausing") { change, selection in
            try await change.resume(selection)
        }
    }
}
