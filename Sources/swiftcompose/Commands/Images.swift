import ArgumentParser
import ImageStore
import Notation
import OCI
import Orchestrator

struct Images: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "List the images of the project's containers."
    )

    @Option(
        help: """
            Format of the output: table, 'table TEMPLATE', json (one array), or a Go template.
            """
    )
    var format = "table"

    @Flag(name: .shortAndLong, help: "Only display image IDs, each once.")
    var quiet = false

    @Argument(help: "Services (default: all).", completion: .existingServices)
    var services: [String] = []

    private struct Row: Encodable {
        var id: String
        var containerName: String
        var repository: String
        var tag: String
        var platform: String
        var size: Int64
        /// The image's creation; docker prints it if the time of tagging is unknown.
        var created: Timestamp?

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case containerName = "ContainerName"
            case repository = "Repository"
            case tag = "Tag"
            case platform = "Platform"
            case size = "Size"
            case created = "LastTagTime"
        }
    }

    func run(in session: Session) throws -> Int32 {
        let format = try ListFormat(format)
        let project = try session.projectReference(naming: services)
        let store = try session.openImages()
        let rows = try project.containers()
            .filter { services.isEmpty || services.contains($0.record.service) }
            .compactMap { try row($0.record, store) }
        if quiet {
            for id in Set(rows.map { String($0.id.dropFirst("sha256:".count)) }).sorted() {
                Output.line(id)
            }
        } else {
            try show(rows, format)
        }
        return 0
    }

    private func show(_ rows: [Row], _ format: ListFormat) throws {
        switch format {
        case .json: Output.line(JSONText.line(rows))
        case .table: showTable(rows)
        case .columns, .template:
            let list = FormattedList(
                rows,
                headings: ["ContainerName": "CONTAINER", "ID": "IMAGE ID"],
                columns: []
            )
            for line in try format.lines(list) { Output.line(line) }
        }
    }

    private func showTable(_ rows: [Row]) {
        var table = Table(
            headings: [
                "CONTAINER", "REPOSITORY", "TAG", "PLATFORM", "IMAGE ID", "SIZE", "CREATED",
            ],
            minimumWidth: 20
        )
        table.rows = rows.map { row in
            let id = row.id.dropFirst("sha256:".count).prefix(12)
            return [
                row.containerName, known(row.repository), known(row.tag), row.platform, String(id),
                DecimalSize.text(row.size),
                row.created.map { Age.words(.now - $0) + " ago" } ?? "N/A",
            ]
        }
        for line in table.lines() { Output.line(line) }
    }

    private func known(_ text: String) -> String { text.isEmpty ? "<none>" : text }

    /// Returns the row of a container; nil if its image has been removed.
    private func row(_ record: ContainerRecord, _ store: ImageStore) throws -> Row? {
        guard let image = try store.image(named: record.imageID.description) else { return nil }
        // A text that is not a reference is an image ID.
        let reference = try? ImageReference(record.image)
        return Row(
            id: image.id.description,
            containerName: record.name,
            repository: reference?.familiarName ?? "",
            tag: reference?.tag ?? "",
            platform: image.platform.description,
            size: image.size,
            created: image.configuration.created
        )
    }
}
