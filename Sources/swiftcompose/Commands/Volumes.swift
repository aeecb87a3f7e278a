import ArgumentParser
import Orchestrator
import SystemPackage

struct Volumes: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "volumes",
        abstract: "List the project's volumes."
    )

    @Option(
        help: """
            Format of the output: table, 'table TEMPLATE', json (one object per line), or a Go \
            template.
            """
    )
    var format = "table"

    @Flag(name: .shortAndLong, help: "Only display names.")
    var quiet = false

    @Argument(
        help: "Services whose volumes are listed (default: all volumes).",
        completion: .existingServices
    )
    var services: [String] = []

    func run(in session: Session) throws -> Int32 {
        let format = try ListFormat(format)
        let project = try session.projectReference(naming: services)
        let store = VolumeStore(directory: session.paths.volumes)
        let used = Set(
            try project.containers()
                .filter { services.contains($0.record.service) }
                .flatMap { $0.record.volumes.map(\.name) }
        )
        let volumes = try store.all().filter { volume in
            volume.labels[ComposeLabel.project] == project.name
                && (services.isEmpty || used.contains(volume.name))
        }
        if quiet {
            for volume in volumes { Output.line(volume.name) }
        } else {
            let list = FormattedList(
                volumes.map { $0.listing(in: store) },
                headings: ["Name": "VOLUME NAME"],
                columns: ["Driver", "Name"]
            )
            for line in try format.lines(list) { Output.line(line) }
        }
        return 0
    }
}
