import ArgumentParser
import Linux
import Orchestrator

struct Stats: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show the resource usage of containers, updated continuously."
    )

    @Flag(name: .shortAndLong, help: "Show all containers (default: only running ones).")
    var all = false

    @Option(
        help: """
            Format of the output: table, 'table TEMPLATE', json (one object per line), or a Go \
            template.
            """
    )
    var format = "table"

    @Flag(help: "Print a single sample and exit.")
    var noStream = false

    @Flag(help: "Do not truncate output.")
    var noTrunc = false

    @Argument(help: "Service to show (default: all).", completion: .runningServices)
    var service: String?

    func run(in session: Session) throws -> Int32 {
        let format = try ListFormat(format)
        let project = try session.projectReference(naming: service.map { [$0] } ?? [])
        let store = ContainerStore(session.paths)
        let screen = Screen(session.output)
        let signal = try UsageReader(session.paths).follow(
            {
                try store.containers(of: project.name).filter { container in
                    (all || container.isRunning)
                        && (service == nil || container.record.service == service)
                }
            },
            isOnce: noStream,
            show: { containers, usages in
                let list = FormattedList(
                    containers.map { UsageListing($0, usages[$0.id], isCut: !noTrunc) },
                    headings: UsageListing.headings,
                    columns: UsageListing.columns
                )
                screen.show(try format.lines(list), replacing: !noStream)
            }
        )
        return signal.map { 128 + $0.rawValue } ?? 0
    }
}
