import ArgumentParser
import ContainerRuntime
import Linux
import Orchestrator

struct Exec: SynchronousCommand {
    static let name = "exec"
    static let configuration = CommandConfiguration(
        commandName: name,
        abstract: "Run a command in a running container."
    )

    @Flag(name: .shortAndLong, help: "Do not wait.")
    var detach = false

    @Option(name: .shortAndLong, help: "KEY[=VALUE]: an environment variable; repeatable.")
    var env: [String] = []

    @Option(help: "Which replica; the lowest that runs if none is named.")
    var index = 0

    @Flag(
        name: [.customShort("T"), .customLong("no-tty"), .customLong("no-TTY")],
        help: "No pseudo-terminal."
    )
    var noTTY = false

    @Flag(help: "All capabilities.")
    var privileged = false

    @Option(name: .shortAndLong, help: "User or uid, with optional :group.")
    var user: String?

    @Option(name: .shortAndLong, help: "Working directory.")
    var workdir: String?

    @Flag(name: .shortAndLong, help: .hidden)
    var interactive = false

    @Flag(name: .shortAndLong, help: .hidden)
    var tty = false

    @Argument(help: "The service.")
    var service: String

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var command: [String]

    func run(in session: Session) throws -> Int32 {
        if session.global.dryRun { return try showDryRun(session) }
        let request = try request(session)
        let project = try session.projectReference().name
        let outcome = try ExecCall.run(request, session.paths.project(project))
        switch outcome {
        case .absent, .unanswered:
            // Either nothing of the kind runs, which this tells, or its supervisor was killed.
            _ = try session.runningContainer(of: service, index: index)
            try SupervisorClient.ensureRunning(
                project: project,
                paths: session.paths,
                executable: session.executable
            )
            return try status(of: ExecCall.run(request, session.paths.project(project)), project)
        default: return try status(of: outcome, project)
        }
    }

    private func showDryRun(_ session: Session) throws -> Int32 {
        try session.reporting(
            session.runningContainer(of: service, index: index).record.name,
            "Executing",
            "Executed",
            detail: command.joined(separator: " ")
        ) {}
        return 0
    }

    private func status(of outcome: ExecCall.Outcome, _ project: String) throws -> Int32 {
        switch outcome {
        case .ended(let code): return code
        case .detached: return 0
        case .failed(let error):
            Output.complain("service \"\(service)\": \(error)")
            throw ExitStatusError(code: error.exitCode)
        case .absent: throw CommandError.serviceNotRunning(service)
        case .paused(let container):
            throw CommandError.execInPaused(container, service: service)
        case .unanswered, .unknown: throw SupervisorError(.ended, project: project)
        }
    }

    private func request(_ session: Session) throws -> ExecRequest {
        try ExecRequest(
            service: service,
            index: index,
            command: command,
            environment: variables(session),
            user: user,
            workingDirectory: workdir,
            isPrivileged: privileged,
            isDetached: detach,
            hasTerminal: hasTerminal,
            // Where our terminal has no size the other one needs none.
            terminalSize: hasTerminal ? try? Linux.Terminal.size(of: 0) : nil
        )
    }

    private var hasTerminal: Bool {
        !noTTY && !detach && StandardStream.input.isTerminal && StandardStream.output.isTerminal
    }

    /// A name without a value takes the project's, which is ours or that of `.env`.
    private func variables(_ session: Session) throws -> [String] {
        if env.allSatisfy({ $0.contains("=") }) { return env }
        let known = try session.projectVariables()
        return env.compactMap { entry in
            entry.contains("=") ? entry : known[entry].map { "\(entry)=\($0)" }
        }
    }
}
