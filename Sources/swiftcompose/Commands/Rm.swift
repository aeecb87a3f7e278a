import ArgumentParser
import Orchestrator

struct Rm: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "rm",
        abstract: "Remove stopped containers."
    )

    @Flag(name: .shortAndLong, help: "Do not ask to confirm removal.")
    var force = false

    @Flag(name: .shortAndLong, help: "Stop running containers first.")
    var stop = false

    @Flag(name: .shortAndLong, help: "Also remove the containers' anonymous volumes.")
    var volumes = false

    @Flag(name: .shortAndLong, help: .hidden)
    var all = false

    @Argument(help: "Services (default: all).", completion: .existingServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        session.warnOfIgnored([("--all", all)])
        let project = try session.projectReference(naming: services)
        let selection = try project.selection(of: services)
        let removed = try project.containers()
            .filter { selection.covers($0) && (stop || !$0.isRunning) }
        guard !removed.isEmpty else {
            Output.printError("No stopped containers")
            return 0
        }
        let names = removed.map(\.record.name).joined(separator: ", ")
        guard force || session.confirms("Going to remove \(names)\nAre you sure?") else { return 0 }
        return try await session.change(services, "Removing") { change, selection in
            try await change.remove(selection, stops: stop, removesAnonymousVolumes: volumes)
        }
    }
}
