import ArgumentParser
import ContainerRuntime
import Linux
import OCI
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
        try ProtectedExecutable.ensure(CommandLine.arguments)
        let container = try session.runningContainer(of: service, index: index)
        // What enters a frozen cgroup is frozen itself.
        if container.state.status == .paused {
            throw CommandError.execInPaused(container.record.name, service: service)
        }
        guard let pid = container.state.pid else {
            throw CommandError.serviceNotRunning(service)
        }
        if session.global.dryRun {
            try session.reporting(
                container.record.name,
                "Executing",
                "Executed",
                detail: command.joined(separator: " ")
            ) {}
            return 0
        }
        let bundle = try Bundle(
            reading: session.paths.project(container.record.project).container(container.id)
                .directory
        )
        let request = try request(bundle.specification, session)
        let process = try ProcessHandle.reopening(
            pid: pid,
            startTime: container.state.processStart ?? 0
        )
        guard let process else { throw CommandError.serviceNotRunning(service) }
        do throws(RuntimeError) {
            guard detach else { return try Foreground.exec(request, in: process).code }
            _ = try ContainerRuntime.Exec.start(request, in: process)
            return 0
        } catch {
            Output.complain("service \"\(service)\": \(error)")
            throw ExitStatusError(code: error.exitCode)
        }
    }

    private func request(
        _ specification: RuntimeSpecification,
        _ session: Session
    ) throws -> ContainerRuntime.Exec.Request {
        var process = specification.process ?? .init(args: command)
        process.args = command
        let own = process.env ?? []
        let hasKind = !hasTerminal || own.contains { $0.hasPrefix("TERM=") }
        process.env = (hasKind ? own : own + ["TERM=xterm"]).overridden(by: try variables(session))
        process.terminal = hasTerminal ? true : nil
        // Where our terminal has no size the other one needs none.
        let size = hasTerminal ? try? Linux.Terminal.size(of: 0) : nil
        process.consoleSize = size.map { .init(height: $0.rows, width: $0.columns) }
        if let workdir { process.cwd = workdir }
        if privileged {
            let all = Capability.all.map(\.name)
            process.capabilities = .init(bounding: all, effective: all, permitted: all)
        }
        return ContainerRuntime.Exec.Request(
            process,
            seccomp: privileged ? nil : specification.linux?.seccomp,
            user: user ?? specification.extensions.user,
            streams: detach ? .null : .inherited,
            endsWithParent: !detach
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

extension [String] {
    /// These `NAME=value` entries with those of `others` in place of the same names.
    func overridden(by others: [String]) -> [String] {
        func name(_ entry: String) -> Substring { entry.prefix { $0 != "=" } }
        let names = Set(others.map(name))
        return filter { !names.contains(name($0)) } + others
    }
}
