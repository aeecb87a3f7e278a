import ArgumentParser
import Swarm

struct StackServices: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "services",
        abstract: "List the services of a stack."
    )

    @OptionGroup var engine: EngineOptions

    @Option(help: "Format of the output: table, 'table TEMPLATE', json, or a Go template.")
    var format = "table"

    @Flag(name: .shortAndLong, help: "Only display IDs.")
    var quiet = false

    @Argument(help: "Name of the stack.")
    var name: String

    func run(in session: Session) async throws -> Int32 {
        let format = try ListFormat(format)
        let services = try await engine.withClient(in: session) { client in
            try await Stack(client, name: name).services()
        }
        guard !services.isEmpty else { throw EngineError.noSuchStack(name) }
        let rows = services.map(StackServiceListing.init)
        if quiet {
            for row in rows { Output.line(row.id) }
            return 0
        }
        let list = FormattedList(
            rows,
            headings: [:],
            columns: ["ID", "Name", "Mode", "Replicas", "Image", "Ports"]
        )
        for line in try format.lines(list) { Output.line(line) }
        return 0
    }
}
