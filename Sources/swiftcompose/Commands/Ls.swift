import ArgumentParser
import Notation
import Orchestrator

struct Ls: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List projects."
    )

    @Flag(name: .shortAndLong, help: "Show all projects, including stopped ones.")
    var all = false

    @Option(help: "Filter output; the only filter is name=REGEX.")
    var filter: [String] = []

    @Option(
        help: """
            Format of the output: table, 'table TEMPLATE', json (one array), or a Go template.
            """
    )
    var format = "table"

    @Flag(name: .shortAndLong, help: "Only display names.")
    var quiet = false

    func run(in session: Session) throws -> Int32 {
        let store = ContainerStore(session.paths)
        let format = try ListFormat(format)
        let patterns = try filter.map(pattern)
        let projects = try store.projects().map { name in
            let (containers, unreadable) = try store.readableContainers(of: name)
            session.warnOfDamage(unreadable)
            let shown = all ? containers : containers.filter(\.isRunning)
            return ProjectListing(name: name, containers: shown)
        }
        .filter { project in
            (all || project.name != RequestedContainer.hiddenProject)
                && (all ? !project.containers.isEmpty : project.isRunning)
                && patterns.allSatisfy { project.name.contains($0) }
        }
        try show(projects, format)
        return 0
    }

    private func pattern(_ filter: String) throws -> Regex<AnyRegexOutput> {
        guard case ("name", let expression?) = filter.nameAndValue else {
            throw ValidationError("--filter: '\(filter)' is not name=REGEX, the only filter")
        }
        return try Regex(expression)
    }

    private func show(_ projects: [ProjectListing], _ format: ListFormat) throws {
        if quiet {
            for project in projects { Output.line(project.name) }
        } else if case .json = format {
            Output.line(JSONText.line(projects))
        } else {
            let list = FormattedList(
                projects,
                headings: ["ConfigFiles": "CONFIG FILES"],
                columns: ["Name", "Status", "ConfigFiles"],
                minimumWidth: 20
            )
            for line in try format.lines(list) { Output.line(line) }
        }
    }
}
