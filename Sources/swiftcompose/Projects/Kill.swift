import ArgumentParser
import Linux
import Orchestrator

struct Kill: ComposeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send a signal to running containers, all at once."
    )

    @Flag(help: "Also containers of services that are not in the file.")
    var removeOrphans = false

    @Option(name: .shortAndLong, help: "A signal's name or number.")
    var signal = "SIGKILL"

    @Argument(help: "The services; all of them if none is named.")
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        guard let number = Signal(signal) else {
            throw ValidationError("--signal: there is no signal '\(signal)'; write SIGTERM or 15")
        }
        return try await session.change(services, "Killing") { change in
            try await change.kill(.init(services: services), with: number)
        }
    }
}
