import ArgumentParser
import ComposeFile
import ImageStore
import Linux
import OCI
import Orchestrator

struct Debug: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "debug",
        abstract: "Run a shell with tools in the namespaces of a running container.",
        discussion: """
            The tools come from an image of their own, so that the container's image needs none. \
            They share the container's processes and network; its files are below /proc/1/root. \
            Without --image, 'image bootstrap busybox' provides them.
            """
    )

    @Option(help: "Image with the tools.", completion: .images)
    var image = "busybox"

    @Option(help: "Index of the container if the service has several replicas.")
    var index = 0

    @Flag(
        name: [.customShort("T"), .customLong("no-tty")],
        help: "Do not allocate a pseudo-terminal."
    )
    var noTTY = false

    @Argument(help: "Service name.", completion: .runningServices)
    var service: String

    @Argument(
        parsing: .captureForPassthrough,
        help: "Command and its arguments (default: the image's)."
    )
    var command: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let host = try session.openHostToChange()
        let target = try session.runningContainer(of: service, index: index)
        let tools = try await tools(on: host, session)
        let hasTerminal =
            !noTTY && StandardStream.input.isTerminal && StandardStream.output.isTerminal
        let debug = DebugContainer(
            target.record,
            image: image,
            command: command,
            hasTerminal: hasTerminal,
            takesInput: true
        )
        let project = session.projectSession(debug.project.name)
        let prepared = try await project.change("Running", isQuiet: true) { change in
            try await change.prepare(
                debug.oneOff,
                of: debug.project,
                images: [debug.oneOff.service: ServiceImage(name: image, image: tools)]
            )
        }
        guard let prepared else { return 0 }
        let printer = LogPrinter(.init(showsPrefix: false, separatesStreams: true))
        let run = OneOffRun(prepared, in: project, display: printer.display)
        switch try await run.run(detached: false) {
        case .detached: return 0
        case .exited(let status): return status
        case .startFailed(let error, let status):
            Output.printError("\(error)")
            return status
        }
    }

    /// The image with the tools; that of BusyBox is created if it is missing.
    private func tools(on host: Host, _ session: Session) async throws -> Image {
        if let image = try host.images.image(named: image) { return image }
        guard image == "busybox" else { return try session.image(named: image, in: host.images) }
        let bootstrap = Bootstrap(
            store: host.images,
            environment: session.environment,
            now: WallClock.now().seconds
        )
        return try await BackgroundThread.run {
            let reference = try ImageReference("busybox")
            return try bootstrap.run(reference) { Output.printError("busybox: \($0)") }
        }
    }
}
