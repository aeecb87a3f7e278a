import ArgumentParser
import Linux
import Orchestrator

struct Stats: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show what containers use, again and again."
    )

    @Flag(name: .shortAndLong, help: "Also containers that do not run.")
    var all = false

    @Option(help: "table, table TEMPLATE, json (one object a line), or a Go template.")
    var format = "table"

    @Flag(help: "One sample, then end.")
    var noStream = false

    @Flag(help: "Full IDs.")
    var noTrunc = false

    @Argument(help: "The service; all of them if none is named.", completion: .runningServices)
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
