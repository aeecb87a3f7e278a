import ArgumentParser
import ComposeFile
import Orchestrator

struct Wait: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "wait",
        abstract: "Block until the services' containers end, and exit with the last one's status."
    )

    @Flag(help: "Remove the project when the first one ends.")
    var downProject = false

    @Argument(help: "The services to wait for.", completion: .runningServices)
    var services: [String]

    func run(in session: Session) async throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let declared = downProject ? try project.project()?.declaredServices : nil
        let client = SupervisorClient(
            project: project.name,
            paths: session.paths,
            executable: session.executable
        )
        let outcome: Result<Int32, any Error>
        do {
            outcome = .success(try await wait(for: project.name, client, session))
        } catch {
            outcome = .failure(error)
        }
        await client.close()
        let status = try outcome.get()
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

    private func wait(
        for project: String,
        _ client: SupervisorClient,
        _ session: Session
    ) async throws -> Int32 {
        // Subscribed before the look, so that no end falls between.
        let events = try await client.events()
        let store = ContainerStore(session.paths)
        let running = try store.containers(of: project)
            .filter { services.contains($0.record.service) && $0.isRunning }
        guard !running.isEmpty else { throw CommandError.nothingToWaitFor(project) }
        var waiting = Set(running.map(\.id))
        var status: Int32 = 0
        for await event in events where waiting.contains(event.container) {
            let code: Int32?
            switch event.kind {
            case .died(let exitCode, nil): code = exitCode
            // One that waited for its restart ends without dying once more.
            case .stopped: code = try store.container(event.container, of: project)?.state.exitCode
            default: continue
            }
            status = tell(event.container, code)
            waiting.remove(event.container)
            if downProject || waiting.isEmpty { break }
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
