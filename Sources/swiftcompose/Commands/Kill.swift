import ArgumentParser
import ComposeFile
import Linux
import Orchestrator

struct Kill: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Send a signal to running containers (default: SIGKILL)."
    )

    @Flag(help: "Also kill containers of services that are not defined in the Compose file.")
    var removeOrphans = false

    @Option(
        name: .shortAndLong,
        help: "Signal to send, by name or number.",
        completion: .list([
            "SIGHUP", "SIGINT", "SIGKILL", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2",
        ])
    )
    var signal = "SIGKILL"

    @Argument(help: "Services (default: all).", completion: .runningServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        guard let number = Signal(signal) else {
            throw ValidationError(
                "--signal: unknown signal '\(signal)'; use a name such as SIGTERM or a number"
            )
        }
        let project = try session.projectReference(naming: services)
        let selection = try selection(in: project, session)
        let count = try await session.change(project.name, "Killing") { change in
            try await change.kill(selection, with: number)
        }
        if count == 0 { Output.printError("no container to kill") }
        return 0
    }

    /// Selects the services' containers and those of `run`; orphans only on request.
    private func selection(
        in project: ProjectReference,
        _ session: Session
    ) throws -> ProjectChange.Selection {
        let takesOrphans = removeOrphans || session.isSet("COMPOSE_REMOVE_ORPHANS")
        var selection =
            takesOrphans && services.isEmpty ? .init() : try project.selection(of: services)
        selection.includesOneOffs = true
        return selection
    }
}
