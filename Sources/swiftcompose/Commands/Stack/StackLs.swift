import ArgumentParser
import Swarm

struct StackLs: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List stacks.",
        aliases: ["list"]
    )

    @OptionGroup var engine: EngineOptions

    @Option(help: "Format of the output: table, 'table TEMPLATE', json, or a Go template.")
    var format = "table"

    func run(in session: Session) async throws -> Int32 {
        let format = try ListFormat(format)
        let counts = try await engine.withClient(in: session) { try await Stack.all($0) }
        let list = FormattedList(
            counts.sorted { $0.key < $1.key }.map { StackListing(name: $0, services: $1) },
            headings: [:],
            columns: ["Name", "Services"]
        )
        for line in try format.lines(list) { Output.line(line) }
        return 0
    }
}
