import ArgumentParser
import ComposeFile
import Linux
import Orchestrator

struct Run: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command in a new container of a service."
    )

    @OptionGroup var options: RunOptions

    @Flag(help: "Build the image before starting the container.")
    var build = false

    @Flag(name: .shortAndLong, help: "Run the container in the background and print its ID.")
    var detach = false

    @Flag(
        name: .shortAndLong,
        inversion: .prefixedNo,
        help: "Keep standard input open (default: --interactive)."
    )
    var interactive: Bool?

    @Flag(help: "Do not start dependencies.")
    var noDeps = false

    @Flag(
        name: [.customShort("T"), .customLong("no-tty"), .customLong("no-TTY")],
        help: """
            Do not allocate a pseudo-terminal (default: if standard input or output is not a \
            terminal).
            """
    )
    var noTTY = false

    @Option(help: "Pull the image before running (always|missing|never|build|policy).")
    var pull = ImageOptions.PullPolicy.policy

    @Flag(name: .shortAndLong, help: "Do not print progress information.")
    var quiet = false

    @Flag(help: "Suppress the build output.")
    var quietBuild = false

    @Flag(help: "Pull without printing progress information.")
    var quietPull = false

    @Flag(help: "Remove containers of services that are not defined in the Compose file.")
    var removeOrphans = false

    @Flag(help: "Remove the container and its anonymous volumes when it exits.")
    var rm = false

    @Flag(name: .shortAndLong, help: .hidden)
    var tty = false

    @Argument(help: "Service name.", completion: .declaredServices)
    var service: String

    @Argument(parsing: .captureForPassthrough, help: "Command and its arguments.")
    var command: [String] = []

    func validate() throws {
        if noTTY, tty { throw CommandError.incompatible("--tty", "--no-TTY") }
        if takesInput, hasTerminal, !detach, !StandardStream.input.isTerminal {
            throw CommandError.notATerminal
        }
    }

    func run(in session: Session) async throws -> Int32 {
        let session = quiet ? session.withoutProgress() : session
        var project = try session.loadProject(services: [service])
        if noDeps { project.deactivateDependencies(of: [service]) }
        let oneOff = try oneOff(of: project, session)
        let bringUp = try imageOptions().bringUp(project, in: session)
        let prepared = try await bringUp.prepare(
            oneOff,
            removesOrphans: removeOrphans,
            ignoresOrphans: try session.ignoresOrphans(removing: removeOrphans)
        )
        guard let prepared else { return 0 }
        let printer = LogPrinter(.init(showsPrefix: false, separatesStreams: true))
        let run = OneOffRun(
            prepared,
            in: session.projectSession(project.name),
            display: printer.display
        )
        switch try await run.run(detached: detach) {
        case .detached(let id):
            Output.line(id)
            return 0
        case .exited(let status): return status
        case .startFailed(let error, let status):
            Output.printError("\(error)")
            return status
        }
    }

    private func oneOff(of project: Project, _ session: Session) throws -> OneOff {
        var oneOff = OneOff(of: service)
        try options.apply(to: &oneOff, project, session)
        oneOff.command = command
        oneOff.hasTerminal = hasTerminal
        oneOff.keepsInputOpen = takesInput
        oneOff.endsInputWithClient = takesInput && !detach
        oneOff.removesItself = rm
        return oneOff
    }

    private func imageOptions() throws -> ImageOptions {
        var options = try ImageOptions.parse([])
        options.build = build
        options.pull = pull
        options.quietBuild = quietBuild
        options.quietPull = quietPull
        return options
    }

    private var takesInput: Bool { interactive ?? true }

    /// Whether the container gets a terminal: by default if the command has one, as in docker compose.
    private var hasTerminal: Bool {
        if tty { return true }
        if noTTY || (interactive == nil && !StandardStream.input.isTerminal) { return false }
        return StandardStream.output.isTerminal
    }
}
