import ArgumentParser
import Orchestrator

struct Start: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start containers that exist, dependencies first."
    )

    @Argument(
        help: "The services to start; all of them if none is named.",
        completion: .existingServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try await session.change(services, "Starting") { change, selection in
            try await change.start(selection)
        }
    }
}
