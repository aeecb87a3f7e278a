import ArgumentParser
import ComposeFile
import OCI
import Orchestrator

struct Logs: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Show the output of the project's containers."
    )

    @Flag(name: .shortAndLong, help: "Stay and show what comes.")
    var follow = false

    @Option(help: "Only this replica of the service.")
    var index = 0

    @Flag(help: "No colours.")
    var noColor = false

    @Flag(help: "Lines without the container's name.")
    var noLogPrefix = false

    @Option(help: "Only lines from then on: a time, Unix seconds or an age such as 42m.")
    var since: String?

    @Option(name: [.customShort("n"), .long], help: "Only the last lines of each container.")
    var tail = "all"

    @Flag(name: .shortAndLong, help: "Begin each line with its time.")
    var timestamps = false

    @Option(help: "Only lines before then.")
    var until: String?

    @Argument(
        help: "The services to show; all of them if none is named.",
        completion: .existingServices
    )
    var services: [String] = []

    func validate() throws {
        if index > 0, services.count != 1 {
            throw ValidationError("--index requires one service to be selected")
        }
    }

    func run(in session: Session) async throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let files = session.paths.project(project.name)
        let wanted = services.isEmpty ? try project.project()?.shownServices : Set(services)
        let printer = LogPrinter(
            showsPrefix: !noLogPrefix,
            showsTime: timestamps,
            inColour: session.output.showsColour && !noColor
        )
        if follow {
            let following = LogFollowing(
                session: session,
                project: project.name,
                printer: printer,
                options: try options(),
                isWanted: { isWanted($0, wanted) && isKept($0, session) }
            )
            try await following.run()
        } else {
            let containers = try project.containers()
                .filter { isWanted($0.record, wanted) && isKept($0.record, session) }
            for container in containers { printer.add(container.record.logName) }
            let log = try LogSession(
                containers.map { LogSource(container: $0.id, log: files.container($0.id).log) },
                try options(),
                onLine: { printer.print($0) },
                onPause: { printer.flush() }
            )
            await log.ended()
        }
        printer.flush()
        return 0
    }

    /// Nil for the services stands for any.
    private func isWanted(_ record: ContainerRecord, _ services: Set<String>?) -> Bool {
        if record.isOneOff || (index > 0 && record.number != index) { return false }
        return services?.contains(record.service) ?? true
    }

    private func isKept(_ record: ContainerRecord, _ session: Session) -> Bool {
        if record.logging != .none { return true }
        session.warn(
            "Can't retrieve logs for \"\(record.name)\": nothing is kept, because its service has "
                + "logging driver 'none'"
        )
        return false
    }

    private func options() throws -> LogOptions {
        var options = LogOptions()
        options.follow = follow
        options.since = try since.map { try TimeArgument.required($0, "--since", now: .now) }
        options.until = try until.map { try TimeArgument.required($0, "--until", now: .now) }
        if tail != "all" {
            guard let count = Int(tail) else {
                throw ValidationError("--tail: '\(tail)' is neither a number nor 'all'")
            }
            options.tail = count < 0 ? nil : count
        }
        return options
    }
}
