import ArgumentParser
import Orchestrator

struct Wait: ComposeCommand {
    static let configuration = CommandConfiguration(
        abstract: "Block until the services' containers end, and exit with the last one's status."
    )

    @Flag(help: "Remove the project when the first one ends.")
    var downProject = false

    @Argument(help: "The services to wait for.")
    var services: [String]

    func run(in session: Session) async throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let client = SupervisorClient(
            project: project.name,
            paths: session.paths,
            executable: session.executable
        )
        let events = try await client.events()
        var status: Int32 = 0
        var waiting: Set<String> = []
        for container in try ContainerStore(session.paths).containers(of: project.name)
        where services.contains(container.record.service) && !container.record.isOneOff {
            if container.isRunning {
                waiting.insert(container.id)
            } else {
                status = tell(container.id, container.state.exitCode)
            }
        }
        if !waiting.isEmpty {
            for await event in events where waiting.contains(event.container) {
                guard case .died(let code, nil) = event.kind else { continue }
                status = tell(event.container, code)
                waiting.remove(event.container)
                if downProject || waiting.isEmpty { break }
            }
        }
        await client.close()
        if downProject {
            _ = try await session.change(project.name, "Running") { try await $0.down(.init()) }
        }
        return status
    }

    /// Prints how a container ended and gives its status.
    private func tell(_ id: String, _ code: Int32?) -> Int32 {
        let status = code.map(String.init) ?? "unknown"
        Output.line("container \"\(id)\" exited with status code \(status)")
        return code ?? 1
    }
}
