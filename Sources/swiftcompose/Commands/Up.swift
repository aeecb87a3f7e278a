import ArgumentParser
import ComposeFile
import Orchestrator

struct Up: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "up",
        abstract: "Make what runs agree with the file: build, create and start."
    )

    @OptionGroup var images: ImageOptions

    @Flag(help: "Stop everything when a container ends, and exit with its status.")
    var abortOnContainerExit = false

    @Flag(help: "Stop everything when a container fails, and exit with its status.")
    var abortOnContainerFailure = false

    @Flag(help: "Replace dependencies too.")
    var alwaysRecreateDeps = false

    @Option(help: "Show only this service's output; repeatable.")
    var attach: [String] = []

    @Flag(help: "Also show the output of the named services' dependencies.")
    var attachDependencies = false

    @Flag(name: .shortAndLong, help: "Return once everything is started.")
    var detach = false

    @Option(help: "Exit with this service's status when it ends.")
    var exitCodeFrom: String?

    @Flag(help: "Replace containers even if nothing changed.")
    var forceRecreate = false

    @Flag(inversion: .prefixedNo, help: .hidden)
    var menu = false

    @Option(help: "Hide this service's output; repeatable.")
    var noAttach: [String] = []

    @Flag(help: "No colours in the logs.")
    var noColor = false

    @Flag(help: "Only the named services, not what they depend on.")
    var noDeps = false

    @Flag(help: "Lines without the container's name.")
    var noLogPrefix = false

    @Flag(help: "Never replace containers that exist.")
    var noRecreate = false

    @Flag(help: "Create containers and do not start them.")
    var noStart = false

    @Flag(help: "Remove containers of services that are not in the file.")
    var removeOrphans = false

    @Flag(name: [.customShort("V"), .long], help: "New anonymous volumes instead of the old ones.")
    var renewAnonVolumes = false

    @Option(help: "SERVICE=N: the number of containers of a service; repeatable.")
    var scale: [String] = []

    @Option(name: .shortAndLong, help: "Seconds to stop containers that are replaced.")
    var timeout: Int?

    @Flag(help: "Begin each line with its time.")
    var timestamps = false

    @Flag(help: "Return when all services run, or are healthy where that is checked.")
    var wait = false

    @Option(help: "Give up waiting after so many seconds.")
    var waitTimeout: Int?

    @Flag(name: .shortAndLong, help: "Refresh services when their files change; see 'watch'.")
    var watch = false

    @Flag(name: .shortAndLong, help: "Answer yes to questions.")
    var yes = false

    @Argument(
        help: "The services to bring up; all of them if none is named.",
        completion: .declaredServices
    )
    var services: [String] = []

    func validate() throws {
        if forceRecreate && noRecreate {
            throw CommandError.contradiction("--force-recreate", "--no-recreate")
        }
        if alwaysRecreateDeps && noRecreate {
            throw CommandError.contradiction("--always-recreate-deps", "--no-recreate")
        }
        if renewAnonVolumes && noRecreate {
            throw CommandError.contradiction("--renew-anon-volumes", "--no-recreate")
        }
        let attached = [
            "--abort-on-container-exit": abortOnContainerExit,
            "--abort-on-container-failure": abortOnContainerFailure,
            "--attach": !attach.isEmpty,
            "--attach-dependencies": attachDependencies,
            "--watch": watch,
        ]
        if detach, let flag = attached.first(where: \.value)?.key {
            throw CommandError.contradiction("--detach", flag)
        }
        let conflicts = ["--no-build": images.noBuild, "--wait": wait, "--no-start": noStart]
        if watch, let flag = conflicts.first(where: \.value)?.key {
            throw CommandError.contradiction("--watch", flag)
        }
    }

    func run(in session: Session) async throws -> Int32 {
        var project = try session.loadProject(services: services)
        if noDeps, !services.isEmpty {
            project.deactivateDependencies(of: services)
        }
        try project.apply(scale: scale)
        let bringUp = BringUp(session: session, project: project, images: images)
        let options = options(in: session)
        if detach || wait || noStart || session.global.dryRun {
            try await bringUp.run(options)
            return 0
        }
        return try await AttachedUp(bringUp: bringUp, options: options, rules: rules()).run()
    }

    private func options(in session: Session) -> ProjectChange.UpOptions {
        var options = ProjectChange.UpOptions()
        options.services = services
        options.planning.recreation =
            forceRecreate ? .always : noRecreate ? .never : .whenChanged
        options.planning.recreatesDependencies = alwaysRecreateDeps
        options.planning.removesOrphans = removeOrphans || session.isSet("COMPOSE_REMOVE_ORPHANS")
        options.planning.starts = !noStart
        options.planning.waits = wait
        options.grace = timeout.map { .seconds($0) }
        options.waitLimit = waitTimeout.flatMap { $0 > 0 ? .seconds($0) : nil }
        options.renewsAnonymousVolumes = renewAnonVolumes
        options.assumesYes = yes
        return options
    }

    private func rules() -> AttachedUp.Rules {
        AttachedUp.Rules(
            shown: attach,
            hidden: noAttach,
            showsDependencies: attachDependencies || services.isEmpty,
            showsPrefix: !noLogPrefix,
            showsTime: timestamps,
            inColour: !noColor,
            ending: ending,
            watches: watch
        )
    }

    private var ending: AttachedUp.Ending {
        if let service = exitCodeFrom { return .whenServiceEnds(service) }
        if abortOnContainerExit { return .whenOneEnds }
        return abortOnContainerFailure ? .whenOneFails : .whenAllEnd
    }
}
