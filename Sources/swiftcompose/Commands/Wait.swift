import ArgumentParser
import ComposeFile
import Orchestrator

struct Wait: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: """
            Wait until the services' containers exit; the exit status is the last container's.
            """
    )

    @Flag(help: "Remove the project when the first container exits.")
    var downProject = false

    @Argument(help: "Services to wait for.", completion: .runningServices)
    var services: [String]

    func run(in session: Session) async throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let declared = downProject ? try project.project()?.declaredServices : nil
        let wait = ExitWait(session.projectSession(project.name), services: services)
        let status = try await wait.run(firstOnly: downProject) { id, code in
            let status = code.map(String.init) ?? "unknown"
            Output.line("container \"\(id)\" exited with status code \(status)")
        }
        guard let status else { throw CommandError.nothingToWaitFor(project.name) }
        if downProject {
            var options = ProjectChange.DownOptions()
            options.declaredServices = declared
            options.removesOrphans = true
            _ = try await session.change(project.name, "Running") { [options] change in
                try await change.down(options)
            }
        }
        return status
    }
}
