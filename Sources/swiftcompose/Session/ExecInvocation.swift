import ContainerRuntime
import Linux
import Orchestrator

/// The parsed arguments of `exec`, independent of the parser.
struct ExecInvocation: Equatable {
    static let commandName = "exec"

    var detach = false
    /// `KEY[=VALUE]` each.
    var environment: [String] = []
    /// The replica; 0 stands for the running one with the lowest number.
    var index = 0
    var noTTY = false
    var privileged = false
    var user: String?
    var workingDirectory: String?
    var service = ""
    var command: [String] = []

    /// Runs the command and returns its exit status.
    func run(in session: Session) throws -> Int32 {
        if session.global.dryRun { return try showDryRun(session) }
        let request = try request(session)
        let project = try session.projectName()
        let outcome = try call(request, session, project)
        guard outcome == .absent || outcome == .unanswered else {
            return try status(of: outcome, project)
        }
        // Throws if no such container runs; otherwise its supervisor was killed.
        _ = try session.runningContainer(of: service, index: index)
        try SupervisorClient.ensureRunning(
            project: project,
            paths: session.paths,
            executable: session.executable,
            onSilence: { Self.reportSilence(of: project) }
        )
        return try status(of: call(request, session, project), project)
    }

    private func call(
        _ request: ExecRequest,
        _ session: Session,
        _ project: String
    ) throws -> ExecCall.Outcome {
        try ExecCall.run(request, session.paths.project(project)) {
            Self.reportSilence(of: project)
        }
    }

    private static func reportSilence(of project: String) {
        Output.printError("the supervisor of project \(project) does not answer")
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
            Output.printError("service \"\(service)\": \(error)")
            throw ExitStatusError(code: error.exitCode)
        case .absent: throw CommandError.serviceNotRunning(service)
        case .paused(let container):
            throw CommandError.execInPaused(container, service: service)
        case .interrupted(let signal): throw ExitStatusError(code: 128 + signal.rawValue)
        case .unanswered, .unknown: throw SupervisorError(.ended, project: project)
        }
    }

    private func request(_ session: Session) throws -> ExecRequest {
        let hasTerminal =
            !noTTY && !detach && StandardStream.input.isTerminal
            && StandardStream.output.isTerminal
        return try ExecRequest(
            service: service,
            index: index,
            command: command,
            environment: variables(session),
            user: user,
            workingDirectory: workingDirectory,
            isPrivileged: privileged,
            isDetached: detach,
            hasTerminal: hasTerminal,
            // If the size of the command's terminal is unknown, none is set.
            terminalSize: hasTerminal ? try? Linux.Terminal.size(of: 0) : nil
        )
    }

    /// Returns the variables; a name without a value takes that of the environment or `.env`.
    private func variables(_ session: Session) throws -> [String] {
        if environment.allSatisfy({ $0.contains("=") }) { return environment }
        let known = try session.projectVariables()
        return environment.compactMap { entry in
            entry.contains("=") ? entry : known[entry].map { "\(entry)=\($0)" }
        }
    }
}
