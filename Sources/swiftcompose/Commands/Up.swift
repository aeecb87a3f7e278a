import ArgumentParser
import ComposeFile
import Linux
import OCI
import Orchestrator

struct Up: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Create and start the project's containers."
    )

    @OptionGroup var images: ImageOptions

    @Flag(help: "Stop all containers when any container exits, and exit with its status.")
    var abortOnContainerExit = false

    @Flag(
        help: "Stop all containers when any container fails, and exit with its status."
    )
    var abortOnContainerFailure = false

    @Flag(help: "Recreate dependencies too; incompatible with --no-recreate.")
    var alwaysRecreateDeps = false

    @Option(
        help: "Show only the output of this service; repeatable.",
        completion: .declaredServices
    )
    var attach: [String] = []

    @Flag(help: "Also show the output of the services' dependencies.")
    var attachDependencies = false

    @Flag(name: .shortAndLong, help: "Run containers in the background.")
    var detach = false

    @Flag(help: "Publish ports that are in use at other, free ports of the host.")
    var autoPorts = false

    @Option(
        help: "Exit with the status of this service; implies --abort-on-container-exit.",
        completion: .declaredServices
    )
    var exitCodeFrom: String?

    @Flag(help: "Recreate containers even if their configuration and image have not changed.")
    var forceRecreate = false

    @Flag(
        inversion: .prefixedNo,
        help: """
            Show keys that detach or watch files, below the logs (default: at a terminal, or as \
            COMPOSE_MENU says).
            """
    )
    var menu: Bool?

    @Option(help: "Hide the output of this service; repeatable.", completion: .declaredServices)
    var noAttach: [String] = []

    @Flag(help: "Do not use colours.")
    var noColor = false

    @Flag(help: "Do not start dependencies.")
    var noDeps = false

    @Flag(help: "Omit the container's name before each line.")
    var noLogPrefix = false

    @Flag(help: "Do not recreate existing containers.")
    var noRecreate = false

    @Flag(help: "Do not start the services after creating them.")
    var noStart = false

    @Flag(help: "Remove containers of services that are not defined in the Compose file.")
    var removeOrphans = false

    @Flag(
        name: [.customShort("V"), .long],
        help: "Create new anonymous volumes instead of reusing those of replaced containers."
    )
    var renewAnonVolumes = false

    @Flag(
        help: """
            Replace running containers a few at a time, as deploy.update_config says; implies \
            detached mode.
            """
    )
    var rolling = false

    @Option(
        help: "Give the project's volumes the content of their snapshots of this name first.",
        completion: .volumeSnapshots
    )
    var restore: String?

    @Option(
        help: """
            Scale SERVICE to N instances, overriding the Compose file (SERVICE=N); repeatable.
            """,
        completion: .declaredServices
    )
    var scale: [String] = []

    @Option(
        name: .shortAndLong,
        help: "Timeout in seconds of stopping containers, before SIGKILL."
    )
    var timeout: Int?

    @Flag(help: "Show timestamps.")
    var timestamps = false

    @Flag(help: "Show what the start was spent on, its critical path first.")
    var timings = false

    @Option(
        help: "Write the timings to a file: a drawing if it ends in .svg, else JSON.",
        completion: .file(extensions: ["svg", "json"])
    )
    var timingsFile: String?

    @Flag(help: "Wait for services to be running or healthy; implies detached mode.")
    var wait = false

    @Option(help: "Timeout of --wait in seconds.")
    var waitTimeout: Int?

    @Flag(
        name: .shortAndLong,
        help: "Update services when their files change; see 'watch'."
    )
    var watch = false

    @Flag(name: .shortAndLong, help: "Answer 'yes' to all prompts.")
    var yes = false

    @Argument(
        help: "Services to start (default: all).",
        completion: .declaredServices
    )
    var services: [String] = []

    func validate() throws {
        if forceRecreate && noRecreate {
            throw CommandError.incompatible("--force-recreate", "--no-recreate")
        }
        if alwaysRecreateDeps && noRecreate {
            throw CommandError.incompatible("--always-recreate-deps", "--no-recreate")
        }
        if renewAnonVolumes && noRecreate {
            throw CommandError.incompatible("--renew-anon-volumes", "--no-recreate")
        }
        if abortOnContainerExit && abortOnContainerFailure {
            throw CommandError.incompatible(
                "--abort-on-container-exit",
                "--abort-on-container-failure"
            )
        }
        let attached = [
            "--abort-on-container-exit": abortOnContainerExit,
            "--abort-on-container-failure": abortOnContainerFailure,
            "--attach": !attach.isEmpty,
            "--attach-dependencies": attachDependencies,
            "--menu": menu == true,
            "--watch": watch,
        ]
        if detach, let flag = attached.first(where: \.value)?.key {
            throw CommandError.incompatible("--detach", flag)
        }
        if rolling, let flag = attached.first(where: \.value)?.key {
            throw CommandError.incompatible("--rolling", flag)
        }
        if rolling && noStart { throw CommandError.incompatible("--rolling", "--no-start") }
        let conflicts = ["--no-build": images.noBuild, "--wait": wait, "--no-start": noStart]
        if watch, let flag = conflicts.first(where: \.value)?.key {
            throw CommandError.incompatible("--watch", flag)
        }
    }

    func run(in session: Session) async throws -> Int32 {
        let start = Timestamp.now
        let report = TimingReport(isShown: timings, file: timingsFile, session)
        let project = try await report.measuring("Compose file", "load") {
            try loadProject(in: session)
        }
        do {
            return try await bringUp(project, report, in: session)
        } catch {
            report.finish()
            throw session.explaining(error, of: project, since: start)
        }
    }

    private func loadProject(in session: Session) throws -> Project {
        var project = try session.loadProject(services: services)
        for service in attach + noAttach + [exitCodeFrom].compactMap(\.self)
        where project.declaredService(service) == nil {
            throw CommandError.noSuchService(service, known: project.declaredServices.sorted())
        }
        if noDeps, !services.isEmpty {
            project.deactivateDependencies(of: services)
        }
        try project.apply(scale: scale)
        return project
    }

    private func bringUp(
        _ project: Project,
        _ report: TimingReport,
        in session: Session
    ) async throws -> Int32 {
        let bringUp = images.bringUp(
            project,
            in: session,
            timings: report.recorder,
            reportsStale: true
        )
        let options = try options(in: session)
        if detach || wait || noStart || rolling || session.global.dryRun {
            try await bringUp.run(options)
            report.finish()
            return 0
        }
        let printer = LogPrinter(
            .init(
                showsPrefix: !noLogPrefix,
                showsTime: timestamps,
                showsColour: session.output.showsColour && !noColor,
                separatesStreams: true
            ),
            write: session.print
        )
        let display = printer.display
        return try await AttachedUp(
            bringUp,
            options: options,
            rules: rules(),
            display: display,
            watchImages: images.source(
                in: session,
                buildOutput: { display.show(.watch($0)) }
            ),
            shortcuts: shortcuts(in: session),
            onceUp: report.finish,
            warn: session.warn
        ).run()
    }

    /// The keys, at a terminal of which this command is in the foreground.
    private func shortcuts(in session: Session) -> Shortcuts? {
        let isInteractive =
            session.output.isInteractive && session.errors.isInteractive
            && StandardStream.input.isTerminal && Linux.Terminal.isInForeground(0)
        let isWanted =
            menu
            ?? session.environment["COMPOSE_MENU"].map { _ in
                session.isSet("COMPOSE_MENU")
            }
        guard isInteractive else {
            if menu == true { session.warn("--menu has no effect without a terminal") }
            return nil
        }
        guard isWanted ?? true else { return nil }
        return ShortcutMenu(
            session.region,
            showsColour: session.errors.showsColour,
            warn: session.warn
        ).shortcuts
    }

    private func options(in session: Session) throws -> ProjectChange.UpOptions {
        var options = ProjectChange.UpOptions()
        options.services = services
        options.planning.recreation =
            forceRecreate ? .always : noRecreate ? .never : .whenChanged
        options.planning.recreatesDependencies = alwaysRecreateDeps
        options.planning.removesOrphans = removeOrphans || session.isSet("COMPOSE_REMOVE_ORPHANS")
        options.ignoresOrphans = try session.ignoresOrphans(
            removing: options.planning.removesOrphans
        )
        options.planning.starts = !noStart
        options.planning.waits = wait
        options.planning.rolls = rolling
        options.grace = timeout.map { .seconds($0) }
        options.waitLimit = waitTimeout.flatMap { $0 > 0 ? .seconds($0) : nil }
        options.renewsAnonymousVolumes = renewAnonVolumes
        options.assumesYes = yes
        options.movesPorts = autoPorts
        options.restoredSnapshot = restore
        return options
    }

    private func rules() -> AttachedUp.Rules {
        var rules = AttachedUp.Rules()
        rules.shown = attach
        rules.hidden = noAttach
        rules.showsDependencies = attachDependencies || services.isEmpty
        rules.ending = ending
        rules.watches = watch
        return rules
    }

    private var ending: AttachedUp.Ending {
        if let service = exitCodeFrom { return .serviceExits(service) }
        if abortOnContainerExit { return .anyExits }
        return abortOnContainerFailure ? .anyFails : .allExit
    }
}
