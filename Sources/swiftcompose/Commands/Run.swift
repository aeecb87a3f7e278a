import ArgumentParser
import ComposeFile
import Linux
import Orchestrator

struct Run: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Run a command in a new container of a service, its dependencies started first."
    )

    @OptionGroup var changes: RunOptions

    @Flag(help: "Build first, even if an image exists.")
    var build = false

    @Flag(name: .shortAndLong, help: "Do not wait; print the container's ID.")
    var detach = false

    @Flag(
        name: .shortAndLong,
        inversion: .prefixedNo,
        help: "Keep standard input open (default: --interactive)."
    )
    var interactive: Bool?

    @Flag(help: "Do not start what the service depends on.")
    var noDeps = false

    @Flag(
        name: [.customShort("T"), .customLong("no-tty"), .customLong("no-TTY")],
        help: "No pseudo-terminal; the default where standard input or output is none."
    )
    var noTTY = false

    @Option(help: "When to ask the registry: always, missing, never; policy follows the file.")
    var pull = ImageOptions.PullPolicy.policy

    @Flag(name: .shortAndLong, help: "No progress.")
    var quiet = false

    @Flag(help: "No build output.")
    var quietBuild = false

    @Flag(help: "No pull progress.")
    var quietPull = false

    @Flag(help: "Remove containers of services that are not in the file.")
    var removeOrphans = false

    @Flag(help: "Remove the container and its anonymous volumes when it ends.")
    var rm = false

    @Flag(name: .shortAndLong, help: .hidden)
    var tty = false

    @Argument(help: "The service.", completion: .declaredServices)
    var service: String

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var command: [String] = []

    func validate() throws {
        if noTTY, tty { throw CommandError.contradiction("--tty", "--no-TTY") }
        if takesInput, hasTerminal, !detach, !StandardStream.input.isTerminal {
            throw CommandError.notATerminal
        }
    }

    func run(in session: Session) async throws -> Int32 {
        let session = quiet ? session.withoutProgress() : session
        var project = try session.loadProject(services: [service])
        if noDeps { project.deactivateDependencies(of: [service]) }
        let oneOff = try oneOff(of: project, session)
        let bringUp = BringUp(session: session, project: project, images: try imageOptions())
        var options = ProjectChange.UpOptions()
        options.planning.removesOrphans = removeOrphans
        try bringUp.warnOfOrphans(options)
        let images = try await bringUp.images(for: options)
        let prepared = try await session.change(project.name, "Running") { [project] change in
            try await change.prepare(
                oneOff,
                of: project,
                images: images,
                removesOrphans: removeOrphans
            )
        }
        guard let prepared else { return 0 }
        return try await OneOffRun(prepared, in: session).run(detached: detach)
    }

    private func oneOff(of project: Project, _ session: Session) throws -> OneOff {
        var oneOff = OneOff(of: service)
        try changes.apply(to: &oneOff, project, session)
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

    /// As docker compose decides it: a terminal where there is one, unless the flags say otherwise.
    private var hasTerminal: Bool {
        if tty { return true }
        if noTTY || (interactive == nil && !StandardStream.input.isTerminal) { return false }
        return StandardStream.output.isTerminal
    }
}
