import ArgumentParser
import Orchestrator

struct Start: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start existing containers."
    )

    @Argument(
        help: "Services to start (default: all).",
        completion: .existingServices
    )
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        try await session.change(services, "Starting") { change, selection in
            try await change.start(selection)
        }
    }
}
