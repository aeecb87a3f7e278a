import ArgumentParser
import Linux
import OCI
import Orchestrator

struct Events: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print the events of the project's containers as they happen."
    )

    @Flag(help: "Print events as a stream of JSON objects.")
    var json = false

    @Option(help: "Show all events created since a timestamp or relative time (e.g., 42m).")
    var since: String?

    @Option(help: "Stream events until this timestamp.")
    var until: String?

    @Argument(help: "Services (default: all).", completion: .existingServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let now = Timestamp.now
        let isJSON = json
        try await EventFollow(session.projectSession(project.name), services: services).run(
            since: try since.map { try TimeArgument.required($0, "--since", now: now) },
            until: try until.map { try TimeArgument.required($0, "--until", now: now) }
        ) { entry in
            guard let line = EventLine(entry) else { return }
            Output.line(isJSON ? JSONText.line(line) : line.text)
        }
        return 0
    }
}
