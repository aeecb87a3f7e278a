import ArgumentParser
import Linux
import OCI
import Orchestrator

struct Attach: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Connect the terminal to the main process of a running container."
    )

    @Option(help: "Keys that end the session and leave the container running.")
    var detachKeys = "ctrl-p,ctrl-q"

    @Option(help: "Which replica; the lowest that runs if none is named.")
    var index = 0

    @Flag(help: "Only watch; send no input.")
    var noStdin = false

    @Flag(
        inversion: .prefixedNo,
        help: "Pass signals that arrive here on to the process."
    )
    var sigProxy = true

    @Argument(help: "The service.", completion: .runningServices)
    var service: String

    func run(in session: Session) async throws -> Int32 {
        let keys = try DetachKeys(detachKeys)
        let container = try session.runningContainer(of: service, index: index)
        try check(container)
        let client = SupervisorClient(
            project: container.record.project,
            paths: session.paths,
            executable: session.executable
        )
        let attachment = ContainerAttachment(
            container.record,
            in: session,
            client: client,
            options: .init(
                takesInput: !noStdin,
                detachKeys: keys,
                // The keys of a terminal reach the process as they are; its loss must not.
                passesSignals: sigProxy && !container.record.hasTerminal,
                since: .now
            )
        )
        let ending: ContainerAttachment.Ending
        do {
            ending = try await attachment.run {}
        } catch {
            await client.close()
            throw error
        }
        await client.close()
        return tell(ending, of: container.record)
    }

    private func check(_ container: ExistingContainer) throws {
        if container.state.status == .paused { throw CommandError.paused(service) }
        if container.state.status == .restarting { throw CommandError.restarting(service) }
        if container.record.hasTerminal, !noStdin, !StandardStream.input.isTerminal {
            throw CommandError.inputIsNoTerminal
        }
    }

    private func tell(_ ending: ContainerAttachment.Ending, of record: ContainerRecord) -> Int32 {
        switch ending {
        case .exited(let code?): return code
        case .exited(nil):
            Output.printError("how container \(record.name) ended could not be learnt")
            return 1
        case .detached:
            Output.printError("read escape sequence")
            return 1
        case .interrupted(let signal): return 128 + signal.rawValue
        }
    }
}
