import ArgumentParser
import ComposeFile
import Linux
import Orchestrator

struct Kill: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Send a signal to running containers, all at once."
    )

    @Flag(help: "Also containers of services that are not in the file.")
    var removeOrphans = false

    @Option(name: .shortAndLong, help: "A signal's name or number.")
    var signal = "SIGKILL"

    @Argument(help: "The services; all of them if none is named.", completion: .runningServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        guard let number = Signal(signal) else {
            throw ValidationError("--signal: there is no signal '\(signal)'; write SIGTERM or 15")
        }
        let project = try session.projectReference(naming: services)
        let selection = try selection(in: project, session)
        let count = try await session.change(project.name, "Killing") { change in
            try await change.kill(selection, with: number)
        }
        if count == 0 { Output.printError("no container to kill") }
        return 0
    }

    /// Containers of `run` too; those of undeclared services only if asked.
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
