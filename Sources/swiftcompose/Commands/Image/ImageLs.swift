import ArgumentParser
import ImageStore
import Linux
import Notation
import OCI

struct ImageLs: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls",
        abstract: "List images.",
        aliases: ["list"]
    )

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case table
        case json
    }

    @Option(help: "Format of the output (table|json).")
    var format = Format.table

    @Flag(name: .shortAndLong, help: "Only show image IDs.")
    var quiet = false

    @Flag(help: "Do not truncate output.")
    var noTrunc = false

    @Argument(help: "Repository or reference to list, REPOSITORY[:TAG].", completion: .images)
    var name: String?

    func run(in session: Session) throws -> Int32 {
        let wanted = try name.map { try ImageReference($0) }
        let images = try session.openImages().images().filter { tagged in
            guard let wanted, let name else { return true }
            let isTagged = name.split(separator: "/").last?.contains(":") ?? false
            return isTagged
                ? tagged.reference == wanted : tagged.reference?.name == wanted.name
        }
        if quiet {
            var seen: Set<Digest> = []
            for tagged in images where seen.insert(tagged.image.id).inserted {
                Output.line(id(of: tagged.image))
            }
        } else if format == .json {
            for tagged in images { Output.line(JSONText.line(row(of: tagged))) }
        } else {
            printTable(of: images)
        }
        return 0
    }

    private func printTable(of images: [TaggedImage]) {
        var table = Table(
            headings: ["REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE"],
            minimumWidth: 4
        )
        for row in images.map(row) {
            table.rows.append(
                [row.repository, row.tag, row.id, row.createdSince, row.size]
            )
        }
        for line in table.lines() { Output.line(line) }
    }

    /// The fields of `docker image ls --format json`.
    private struct Row: Encodable {
        var id: String
        var repository: String
        var tag: String
        var createdAt: String
        var createdSince: String
        var size: String
        var digest: String

        private enum CodingKeys: String, CodingKey {
            case id = "ID"
            case repository = "Repository"
            case tag = "Tag"
            case createdAt = "CreatedAt"
            case createdSince = "CreatedSince"
            case size = "Size"
            case digest = "Digest"
        }
    }

    private func row(of tagged: TaggedImage) -> Row {
        let created = tagged.image.configuration.created
        let age = created.map { Duration.seconds(WallClock.now().seconds - $0.seconds) }
        return Row(
            id: id(of: tagged.image),
            repository: tagged.reference?.familiarName ?? "<none>",
            tag: tagged.reference?.tag ?? "<none>",
            createdAt: created?.description ?? "N/A",
            createdSince: age.map { Age.words($0) + " ago" } ?? "N/A",
            size: DecimalSize.text(tagged.image.size),
            digest: "\(tagged.image.manifest.digest)"
        )
    }

    private func id(of image: Image) -> String { noTrunc ? "\(image.id)" : image.id.short }
}
