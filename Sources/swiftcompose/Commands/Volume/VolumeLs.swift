import ArgumentParser
import Orchestrator

struct VolumeLs: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List the volumes of all projects and of none.",
        discussion: "'swiftcompose volumes' lists those of one project.",
        aliases: ["list"]
    )

    @Option(
        name: .shortAndLong,
        help: """
            Filter the volumes by dangling=BOOL, driver=NAME, label=NAME[=VALUE] or name=NAME; \
            repeatable.
            """
    )
    var filter: [String] = []

    @Option(
        help: """
            Format of the output: table, 'table TEMPLATE', json (one object per line), or a Go \
            template.
            """
    )
    var format = "table"

    @Flag(name: .shortAndLong, help: "Only display names.")
    var quiet = false

    @Flag(help: "List the snapshots of the volumes, also of removed ones.")
    var snapshots = false

    func run(in session: Session) throws -> Int32 {
        let format = try ListFormat(format)
        let host = try session.openHost()
        if snapshots { return try listSnapshots(of: host, format) }
        let volumes = try selected(on: host)
        if quiet {
            for volume in volumes { Output.line(volume.name) }
        } else {
            let list = FormattedList(
                volumes.map { $0.listing(in: host.volumes) },
                headings: ["Name": "VOLUME NAME"],
                columns: ["Driver", "Name"]
            )
            for line in try format.lines(list) { Output.line(line) }
        }
        return 0
    }

    private func listSnapshots(of host: Host, _ format: ListFormat) throws -> Int32 {
        let filter = try ResourceFilter(filter, accepting: [.name])
        let found = try host.volumeSnapshots.all().filter { snapshot in
            filter.accepts(.name) { snapshot.volume.contains($0) }
        }
        if quiet {
            for snapshot in found { Output.line(snapshot.name) }
        } else {
            let list = FormattedList(
                found.map(\.listing),
                headings: ["CreatedAt": "CREATED", "Name": "SNAPSHOT"],
                columns: ["Volume", "Name", "CreatedAt", "Size"]
            )
            for line in try format.lines(list) { Output.line(line) }
        }
        return 0
    }

    private func selected(on host: Host) throws -> [VolumeRecord] {
        let filter = try ResourceFilter(filter, accepting: [.dangling, .driver, .label, .name])
        let isDangling = try filter.truth(of: .dangling)
        let used = try isDangling == nil ? [] : host.volumesInUse()
        return try host.volumes.all().filter { volume in
            filter.accepts(.driver) { $0 == volume.driver }
                && filter.accepts(labels: volume.labels)
                && filter.accepts(.name) { volume.name.contains($0) }
                && isDangling.map { $0 != used.contains(volume.name) } ?? true
        }
    }
}
