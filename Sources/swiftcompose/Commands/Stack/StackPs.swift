import ArgumentParser
import Swarm

struct StackPs: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "List the tasks of a stack."
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
        let rows = try await engine.withClient(in: session) { client in
            let stack = Stack(client, name: name)
            let tasks = try await stack.tasks()
            guard !tasks.isEmpty else { throw EngineError.noSuchStack(name) }
            let services = try await stack.services()
            let nodes = try await stack.nodes()
            return tasks.map { StackTaskListing($0, services: services, nodes: nodes) }
        }
        if quiet {
            for row in rows { Output.line(row.id) }
            return 0
        }
        let list = FormattedList(
            rows,
            headings: ["DesiredState": "DESIRED STATE", "CurrentState": "CURRENT STATE"],
            columns: ["ID", "Name", "Image", "Node", "DesiredState", "CurrentState", "Error"]
        )
        for line in try format.lines(list) { Output.line(line) }
        return 0
    }
}
