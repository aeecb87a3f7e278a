import Linux
import Notation
import OCI
import Orchestrator

/// A container as `ps` shows it.
struct ContainerListing {
    let container: ExistingContainer
    let now: Timestamp

    private var record: ContainerRecord { container.record }
    private var state: ContainerState { container.state }

    var name: String { record.name }
    var shortID: String { String(record.id.prefix(12)) }

    /// Returns the command in quotes, truncated to twenty characters if `isCut`.
    func command(isCut: Bool) -> String {
        let words = record.command.map { $0.contains { $0.isWhitespace } ? "'\($0)'" : $0 }
        let text = words.joined(separator: " ")
        let cut = isCut && text.count > 20 ? text.prefix(19) + "…" : text[...]
        return "\"\(cut.escapedForTerminal())\""
    }

    var created: String { "\(Age.words(now - record.created)) ago" }

    /// `Up 3 minutes (healthy)`, `Exited (137) 4 seconds ago`.
    var status: String { container.statusText(at: now) }
}

extension ContainerListing {
    /// The object of `ps --format json`.
    struct JSON: Encodable {
        var listing: ContainerListing
        var isCut: Bool

        enum CodingKeys: String, CodingKey {
            case command = "Command"
            case createdAt = "CreatedAt"
            case exitCode = "ExitCode"
            case health = "Health"
            case id = "ID"
            case image = "Image"
            case labels = "Labels"
            case localVolumes = "LocalVolumes"
            case mounts = "Mounts"
            case name = "Name"
            case names = "Names"
            case networks = "Networks"
            case open = "Open"
            case ports = "Ports"
            case project = "Project"
            case publishers = "Publishers"
            case runningFor = "RunningFor"
            case service = "Service"
            case size = "Size"
            case state = "State"
            case status = "Status"
        }

        func encode(to encoder: any Encoder) throws {
            let (record, state) = (listing.record, listing.state)
            var json = encoder.container(keyedBy: CodingKeys.self)
            try json.encode(listing.command(isCut: isCut), forKey: .command)
            try json.encode(record.created.description, forKey: .createdAt)
            try json.encode(state.exitCode ?? 0, forKey: .exitCode)
            try json.encode(state.health?.rawValue ?? "", forKey: .health)
            try json.encode(isCut ? listing.shortID : record.id, forKey: .id)
            try json.encode(record.image, forKey: .image)
            try json.encode(listing.labels, forKey: .labels)
            try json.encode(String(record.volumes.count), forKey: .localVolumes)
            try json.encode(listing.mounts, forKey: .mounts)
            try json.encode(record.name, forKey: .name)
            try json.encode(record.name, forKey: .names)
            try json.encode(listing.networks, forKey: .networks)
            try json.encode(listing.isOpen, forKey: .open)
            try json.encode(listing.ports, forKey: .ports)
            try json.encode(record.project, forKey: .project)
            try json.encode(listing.publishers, forKey: .publishers)
            try json.encode(listing.created, forKey: .runningFor)
            try json.encode(record.service, forKey: .service)
            try json.encode("0B", forKey: .size)
            try json.encode(state.status.rawValue, forKey: .state)
            try json.encode(listing.status, forKey: .status)
        }
    }

    private var labels: String { record.labels.list }

    private var mounts: String {
        record.mounts.map { mount in
            record.volumes.first { $0.target == mount.destination }?.name ?? mount.source ?? ""
        }.joined(separator: ",")
    }

    private var networks: String { container.networks.joined(separator: ",") }
}

extension ExistingContainer {
    /// The full names of the networks that it is attached to.
    var networks: [String] {
        guard case .attached(let attachments) = record.network else { return [] }
        return attachments.map(\.network)
    }
}
