import ArgumentParser
import ComposeFile
import OCI
import Orchestrator

struct Logs: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "logs",
        abstract: "Print the logs of containers."
    )

    @Flag(name: .shortAndLong, help: "Follow log output.")
    var follow = false

    @Option(help: "Show only lines that match a regular expression.")
    var grep: String?

    @Option(help: "Index of the container if the service has several replicas.")
    var index = 0

    @Flag(help: "Print each line as a JSON object.")
    var json = false

    @Option(
        help: """
            Show only lines of a level and above (trace|debug|info|warning|error|fatal), as they \
            state it in JSON, logfmt or common text formats.
            """,
        completion: .list(LogLevel.allCases.map(\.name))
    )
    var level: String?

    @Flag(help: "Do not use colours.")
    var noColor = false

    @Flag(help: "Omit the container's name before each line.")
    var noLogPrefix = false

    @Flag(help: "Show lines that are JSON objects as time, level, message and fields.")
    var pretty = false

    @Option(
        help: """
            Show logs since a timestamp (e.g., 2026-01-02T13:23:37Z), Unix seconds, relative \
            time (e.g., 42m), or since each container's latest start (last-start).
            """
    )
    var since: String?

    @Option(
        name: [.customShort("n"), .long],
        help: "Number of lines to show from the end of the logs of each container."
    )
    var tail = "all"

    @Flag(name: .shortAndLong, help: "Show timestamps.")
    var timestamps = false

    @Option(help: "Show logs before a timestamp or relative time (e.g., 42m).")
    var until: String?

    @Argument(
        help: "Services to show (default: all).",
        completion: .existingServices
    )
    var services: [String] = []

    func validate() throws {
        if index > 0, services.count != 1 {
            throw ValidationError("--index requires one service to be selected")
        }
        if json, pretty { throw CommandError.incompatible("--json", "--pretty") }
        if json, timestamps { throw CommandError.incompatible("--json", "--timestamps") }
        if let level, LogLevel(level) == nil {
            let names = LogLevel.allCases.map(\.name).joined(separator: ", ")
            throw ValidationError("--level: '\(level)' is not a level; use one of \(names)")
        }
    }

    func run(in session: Session) async throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let files = session.paths.project(project.name)
        let wanted = services.isEmpty ? try project.project()?.shownServices : Set(services)
        if index > 0 {
            let replicas = try project.containers().filter { isWanted($0.record, wanted) }
            if replicas.isEmpty { throw CommandError.replicaNotRunning(services[0], index) }
        }
        let showsColour = session.output.showsColour && !noColor
        let printer = LogPrinter(
            .init(
                showsPrefix: !noLogPrefix && !json,
                showsTime: timestamps,
                showsColour: showsColour
            )
        )
        let view = try LogView(
            json ? .json : pretty ? .pretty : .plain,
            grep: grep,
            level: level.flatMap { LogLevel($0) },
            showsColour: showsColour
        )
        let display = printer.display.viewed(by: view)
        let options = try options()
        if follow {
            let follow = LogFollow(
                session.projectSession(project.name),
                options: options,
                display: display,
                isWanted: { isWanted($0, wanted) && isKept($0, session) }
            )
            try await follow.run()
        } else {
            let containers = try project.containers()
                .filter { isWanted($0.record, wanted) && isKept($0.record, session) }
            for container in containers { display.addSource(container.record.logName) }
            let log = try LogSession(
                containers.map { files.log(of: $0, options) },
                options,
                onLine: display.print,
                onPause: display.flush
            )
            await log.ended()
        }
        printer.flush()
        return 0
    }

    /// Whether the container belongs to one of `services`; nil stands for all of them.
    private func isWanted(_ record: ContainerRecord, _ services: Set<String>?) -> Bool {
        if record.isOneOff || (index > 0 && record.number != index) { return false }
        return services?.contains(record.service) ?? true
    }

    private func isKept(_ record: ContainerRecord, _ session: Session) -> Bool {
        if record.logging != .none { return true }
        session.warn(
            "Can't retrieve logs for \"\(record.name)\": its service has the logging driver 'none'"
        )
        return false
    }

    private func options() throws -> LogOptions {
        var options = LogOptions()
        options.follow = follow
        options.sinceLastStart = since == "last-start"
        if let since, !options.sinceLastStart {
            options.since = try TimeArgument.required(since, "--since", now: .now)
        }
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
