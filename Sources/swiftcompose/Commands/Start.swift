import ArgumentParser
import Orchestrator

struct Start: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Start existing containers."
    )

    @Flag(help: "Wait for services to be running or healthy.")
    var wait = false

    @Option(help: "Timeout of --wait in seconds.")
    var waitTimeout: Int?

    @Argument(
        help: "Services to start (default: all).",
        completion: .existingServices
    )
    var services: [String] = []

    func validate() throws {
        if waitTimeout != nil, !wait {
            throw ValidationError("--wait-timeout requires --wait")
        }
    }

    func run(in session: Session) async throws -> Int32 {
        let limit: Duration? = waitTimeout.flatMap { $0 > 0 ? .seconds($0) : nil }
        return try await session.change(services, "Starting") { change, selection in
            try await change.start(selection, waits: wait, limit: limit)
        }
    }
}
