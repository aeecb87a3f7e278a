import ArgumentParser
import Linux
import Orchestrator

struct Why: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Explain the state of a service's containers, with evidence.",
        discussion: """
            What a container waits for, why it was created, restarted, killed or failed: the \
            attributes that changed, the meaning of its exit code, the last results of its health \
            check and the last lines of its output.
            """
    )

    @Flag(help: "Print one JSON object for each container.")
    var json = false

    @Argument(help: "Service name.", completion: .existingServices)
    var service: String

    func run(in session: Session) throws -> Int32 {
        let project = try session.projectReference(naming: [service])
        let found = try ContainerExplanation.all(of: service, in: project.name, session.paths)
        guard !found.isEmpty else { throw CommandError.noContainer(service, index: 0) }
        for explanation in found {
            if json {
                Output.line(JSONText.line(explanation))
            } else {
                for line in explanation.lines() { Output.line(line.escapedForTerminal()) }
            }
        }
        return 0
    }
}
