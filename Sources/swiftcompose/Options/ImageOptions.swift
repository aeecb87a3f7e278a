import ArgumentParser
import ComposeFile
import ImageBuilder
import Orchestrator

/// The options by which commands that create containers obtain their images.
struct ImageOptions: ParsableArguments {
    enum PullPolicy: String, ExpressibleByArgument, CaseIterable {
        case always
        case missing
        case never
        case build
        case policy
    }

    @Flag(help: "Build images before starting containers.")
    var build = false

    @Flag(
        help:
            "Build images whose Dockerfile, context or arguments have changed (also: --build=auto)."
    )
    var buildAuto = false

    @Flag(help: "Do not build an image, even if it is missing.")
    var noBuild = false

    @Option(
        help: "Pull images before running (always|missing|never|build|policy)."
    )
    var pull = PullPolicy.policy

    @Flag(help: "Suppress the build output.")
    var quietBuild = false

    @Flag(help: "Pull without printing progress information.")
    var quietPull = false

    func validate() throws {
        if build && noBuild { throw CommandError.incompatible("--build", "--no-build") }
        if buildAuto && noBuild { throw CommandError.incompatible("--build=auto", "--no-build") }
    }

    /// Returns the work of bringing `project` up with images as the options ask.
    func bringUp(
        _ project: Project,
        in session: Session,
        timings: TimingRecorder? = nil,
        reportsStale: Bool = false
    ) -> BringUp {
        BringUp(
            session.projectSession(project.name, timings: timings),
            project,
            images: source(in: session, reportsStale: reportsStale),
            building: building,
            warn: session.show
        )
    }

    /// The images to build.
    private var building: ImageSupply.Building {
        if build { return .always }
        return noBuild ? .never : buildAuto ? .whenStale : .whenMissing
    }

    /// Supplies images as the options ask; build output goes to standard error, or to `write`.
    func source(
        in session: Session,
        reportsStale: Bool = false,
        buildOutput write: (@Sendable (String) -> Void)? = nil
    ) -> ImageSource {
        session.imageSource(
            pulling: pulling,
            hidesBuild: quietBuild,
            hidesPull: quietPull,
            reportsStale: reportsStale,
            buildOutput: write
        )
    }

    private var pulling: ImageSupply.Pulling {
        switch pull {
        case .policy, .build: .perService
        case .always: .always
        case .missing: .whenMissing
        case .never: .never
        }
    }
}

extension Session {
    /// Supplies images by `pulling`; build output goes to standard error, or to `write`.
    func imageSource(
        pulling: ImageSupply.Pulling,
        hidesBuild: Bool = false,
        hidesPull: Bool = false,
        reportsStale: Bool = false,
        buildOutput write: (@Sendable (String) -> Void)? = nil
    ) -> ImageSource {
        { project, services, building in
            let host = try openHost()
            var supply = ImageSupply(
                host,
                project,
                builder: try imageBuilder(host),
                pull: pull(host, isQuiet: hidesPull)
            )
            supply.building = building
            supply.pulling = pulling
            supply.reportsStale = reportsStale
            if global.dryRun {
                let supply = supply
                return try await showingProgress("Pulling", isQuiet: hidesPull) { progress in
                    var rehearsal = supply
                    rehearsal.rehearsal = progress
                    return try await rehearsal.supply(services, progress: { _ in })
                }
            }
            let ready = supply
            return try await showingBuild(isQuiet: hidesBuild, write: write) { progress in
                try await ready.supply(services, progress: progress)
            }
        }
    }
}
