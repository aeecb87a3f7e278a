import OCI
import Orchestrator

/// An event with the fields of `docker system events`.
struct HostEvent: Encodable {
    let action: String
    let id: String
    /// The container's labels, name and image, and the details of the action.
    let attributes: [String: String]
    private let time: Timestamp
    private let line: EventLine

    /// Nil for events that docker does not have.
    init?(_ entry: EventFollow.Entry) {
        guard let line = EventLine(entry) else { return nil }
        let record =
            switch entry {
            case .created(let record): record as ContainerRecord?
            case .event(_, let record): record
            }
        self.line = line
        (action, id, time) = (line.action, line.id, entry.time)
        attributes = (record?.labels ?? [:]).merging(line.attributes) { $1 }
    }

    var text: String {
        var line = line
        line.attributes = attributes
        return line.text
    }

    private enum CodingKeys: String, CodingKey {
        case status
        case id
        case from
        case type = "Type"
        case action = "Action"
        case actor = "Actor"
        case scope
        case time
        case timeNano
    }

    private struct Actor: Encodable {
        var id: String
        var attributes: [String: String]

        enum CodingKeys: String, CodingKey {
            case id = "ID"
            case attributes = "Attributes"
        }
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(action, forKey: .status)
        try json.encode(id, forKey: .id)
        try json.encode(attributes["image"] ?? "", forKey: .from)
        try json.encode("container", forKey: .type)
        try json.encode(action, forKey: .action)
        try json.encode(Actor(id: id, attributes: attributes), forKey: .actor)
        try json.encode("local", forKey: .scope)
        try json.encode(time.seconds, forKey: .time)
        let nanoseconds = time.seconds * 1_000_000_000 + Int64(time.nanoseconds)
        try json.encode(nanoseconds, forKey: .timeNano)
    }
}
