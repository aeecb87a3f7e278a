import ArgumentParser
import ComposeFile
import Notation
import OCI
import Orchestrator

struct Ps: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "ps",
        abstract: "List the project's containers."
    )

    @Flag(
        name: .shortAndLong,
        help: "Show all containers, including stopped ones and those created by 'run'."
    )
    var all = false

    @Flag(help: "List the containers of all projects.")
    var allProjects = false

    @Option(help: "Filter services; the only filter is status=STATUS.")
    var filter: [String] = []

    @Option(
        help: """
            Format of the output: table, 'table TEMPLATE', json (one object per line), or a Go \
            template.
            """
    )
    var format = "table"

    @Flag(help: "Do not truncate output.")
    var noTrunc = false

    @Flag(
        inversion: .prefixedNo,
        help: "Include containers of services that are not defined in the Compose file."
    )
    var orphans = true

    @Flag(name: .shortAndLong, help: "Only display IDs.")
    var quiet = false

    @Flag(name: .customLong("services"), help: "Display services, each once.")
    var servicesOnly = false

    @Option(
        help: """
            Filter containers by status \
            (created|running|paused|restarting|removing|exited|dead); repeatable, implies --all.
            """,
        completion: .list([
            "created", "dead", "exited", "paused", "removing", "restarting", "running",
        ])
    )
    var status: [String] = []

    @Argument(
        help: "Services to show (default: all).",
        completion: .existingServices
    )
    var services: [String] = []

    func validate() throws {
        if allProjects, !orphans {
            throw CommandError.incompatible("--all-projects", "--no-orphans")
        }
        for filter in filter {
            let (key, value) = filter.nameAndValue
            guard key == "status" else {
                throw ValidationError("--filter: unknown filter '\(key)'; use status=STATUS")
            }
            if value == nil {
                throw ValidationError("--filter: '\(filter)' has no value; use status=STATUS")
            }
        }
    }

    func run(in session: Session) throws -> Int32 {
        if allProjects {
            let store = ContainerStore(session.paths)
            let containers = try store.projects().flatMap { project in
                let (readable, unreadable) = try store.readableContainers(of: project)
                session.warnOfDamage(unreadable)
                return readable
            }
            try show(
                containers.filter { isWanted($0, declared: nil) },
                isTerminal: session.output.isInteractive
            )
            return 0
        }
        let project = try session.projectReference(naming: services)
        let declared = orphans ? nil : try project.project()?.declaredServices
        let containers = try project.containers()
        try show(
            containers.filter { isWanted($0, declared: declared) },
            isTerminal: session.output.isInteractive
        )
        if containers.contains(where: \.isRunning),
            !SupervisorClient.isRunning(project: project.name, paths: session.paths)
        {
            session.warn(
                "project \"\(project.name)\" has no supervisor: its containers run without name "
                    + "resolution, local ports, health checks and restarts; "
                    + "run 'swiftcompose up --detach' to start one"
            )
        }
        return 0
    }

    private func isWanted(_ container: ExistingContainer, declared: Set<String>?) -> Bool {
        let states = status + filter.map { String($0.dropFirst("status=".count)) }
        let service = container.record.service
        if !services.isEmpty, !services.contains(service) { return false }
        if let declared, !declared.contains(service) { return false }
        guard states.isEmpty else { return states.contains(container.state.status.rawValue) }
        return all || container.isRunning && !container.record.isOneOff
    }

    private func show(_ containers: [ExistingContainer], isTerminal: Bool) throws {
        let format = try ListFormat(format)
        let listings = containers.map { ContainerListing(container: $0, now: .now) }
        if quiet {
            for container in containers { Output.line(container.id) }
        } else if servicesOnly {
            for name in Set(containers.map(\.record.service)).sorted() { Output.line(name) }
        } else {
            let list = FormattedList(
                listings.map { ContainerListing.JSON(listing: $0, isCut: !noTrunc) },
                headings: ["ID": "CONTAINER ID", "RunningFor": "CREATED"],
                columns: (allProjects ? ["Project"] : []) + [
                    "Name", "Image", "Command", "Service", "RunningFor", "Status", "Ports",
                ]
            )
            for line in try format.lines(list) { Output.line(line) }
            if case .table = format, isTerminal { showOpen(listings) }
        }
    }

    /// Names the containers that other hosts can reach, below the table for people.
    private func showOpen(_ listings: [ContainerListing]) {
        let open = listings.filter(\.isOpen).map(\.name)
        guard !open.isEmpty else { return }
        Output.line("")
        Output.line("Open to other hosts: \(open.joined(separator: ", "))")
    }
}
