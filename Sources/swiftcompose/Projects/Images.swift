import ArgumentParser
import ImageStore
import OCI
import Orchestrator

struct Images: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "images",
        abstract: "List the images that the project's containers were made from."
    )

    @Option(help: "table or json.")
    var format = "table"

    @Flag(name: .shortAndLong, help: "Only image IDs, each once.")
    var quiet = false

    @Argument(help: "The services; all of them if none is named.")
    var services: [String] = []

    private struct Row: Encodable {
        var id: String
        var containerName: String
        var repository: String
        var tag: String
        var platform: String
        var size: Int64
        var lastTagTime: String

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case containerName = "ContainerName"
            case repository = "Repository"
            case tag = "Tag"
            case platform = "Platform"
            case size = "Size"
            case lastTagTime = "LastTagTime"
        }
    }

    func run(in session: Session) throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let store = try session.openImages()
        let rows = try project.containers()
            .filter { services.isEmpty || services.contains($0.record.service) }
            .compactMap { try row($0.record, store) }
        if quiet {
            for id in Set(rows.map { String($0.id.dropFirst("sha256:".count)) }).sorted() {
                Output.line(id)
            }
        } else if format == "json" {
            Output.line(JSONText.line(rows))
        } else {
            show(rows)
        }
        return 0
    }

    private func show(_ rows: [Row]) {
        var table = Table(
            headings: [
                "CONTAINER", "REPOSITORY", "TAG", "PLATFORM", "IMAGE ID", "SIZE", "CREATED",
            ],
            minimumWidth: 20
        )
        table.rows = rows.map { row in
            let id = row.id.dropFirst("sha256:".count).prefix(12)
            return [
                row.containerName, row.repository, row.tag, row.platform, String(id),
                DecimalSize.text(row.size), row.lastTagTime,
            ]
        }
        for line in table.lines() { Output.line(line) }
    }

    /// Nil for a container whose image has been removed.
    private func row(_ record: ContainerRecord, _ store: ImageStore) throws -> Row? {
        guard let image = try store.image(named: record.imageID.description) else { return nil }
        let reference = try ImageReference(record.image)
        let parts = reference.familiar.split(separator: ":").map(String.init)
        return Row(
            id: image.id.description,
            containerName: record.name,
            repository: parts.first ?? record.image,
            tag: parts.count > 1 ? parts[1] : "latest",
            platform: "\(image.platform.os)/\(image.platform.architecture)",
            size: image.size,
            lastTagTime: image.configuration.created?.description ?? ""
        )
    }
}
