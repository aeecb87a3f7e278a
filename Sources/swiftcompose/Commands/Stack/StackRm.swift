import ArgumentParser
import Orchestrator
import Swarm

struct StackRm: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove stacks with their services, networks, configs and secrets.",
        aliases: ["remove", "down"]
    )

    @OptionGroup var engine: EngineOptions

    @Argument(help: "Names of the stacks.")
    var names: [String]

    func run(in session: Session) async throws -> Int32 {
        guard !session.global.dryRun else { throw CommandError.noDryRun }
        try await engine.withClient(in: session) { client in
            try await session.showingProgress("Removing") { progress in
                for name in names {
                    try await Stack(client, name: name).remove(
                        progress: ProgressEvent.stack(progress)
                    )
                }
            }
        }
        return 0
    }
}
