import ArgumentParser
import Linux
import OCI
import Orchestrator

struct Attach: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "attach",
        abstract: "Attach to the main process of a running container."
    )

    @Option(help: "Key sequence that detaches from the container.")
    var detachKeys = "ctrl-p,ctrl-q"

    @Option(help: "Index of the container if the service has several replicas.")
    var index = 0

    @Flag(help: "Do not attach standard input.")
    var noStdin = false

    @Flag(
        inversion: .prefixedNo,
        help: "Forward received signals to the process."
    )
    var sigProxy = true

    @Argument(help: "Service name.", completion: .runningServices)
    var service: String

    func run(in session: Session) async throws -> Int32 {
        let keys = try DetachKeys(detachKeys)
        let container = try session.runningContainer(of: service, index: index)
        try check(container)
        let project = session.projectSession(container.record.project)
        let options = ContainerAttachment.Options(
            takesInput: !noStdin,
            detachKeys: keys,
            // A terminal's keys reach the process as bytes; losing the terminal must not end it.
            passesSignals: sigProxy && !container.record.hasTerminal,
            since: .now
        )
        let printer = LogPrinter(.init(showsPrefix: false, separatesStreams: true))
        let ending = try await project.withSupervisor { client in
            let attachment = ContainerAttachment(
                container.record,
                in: project,
                client: client,
                options: options,
                display: printer.display
            )
            return try await attachment.run {}
        }
        return report(ending, of: container.record)
    }

    private func check(_ container: ExistingContainer) throws {
        if container.state.status == .paused { throw CommandError.paused(service) }
        if container.state.status == .restarting { throw CommandError.restarting(service) }
        if container.record.hasTerminal, !noStdin, !StandardStream.input.isTerminal {
            throw CommandError.inputNotATerminal
        }
    }

    private func report(_ ending: ContainerAttachment.Ending, of record: ContainerRecord) -> Int32 {
        switch ending {
        case .exited(let code?): return code
        case .exited(nil):
            Output.printError("the exit status of container \(record.name) is unknown")
            return 1
        case .detached:
            Output.printError("read escape sequence")
            return 1
        case .interrupted(let signal): return 128 + signal.rawValue
        }
    }
}
