import ComposeFile
import Swarm

/// A stack as `stack ls` shows it.
struct StackListing: Encodable {
    var name: String
    var services: Int

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case services = "Services"
    }

    func encode(to encoder: any Encoder) throws {
        var json = encoder.container(keyedBy: CodingKeys.self)
        try json.encode(name, forKey: .name)
        try json.encode(String(services), forKey: .services)
    }
}

/// A service as `stack services` shows it.
struct StackServiceListing: Encodable, Sendable {
    var id: String
    var name: String
    var mode: String
    var replicas: String
    var image: String
    var ports: String

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case mode = "Mode"
        case replicas = "Replicas"
        case image = "Image"
        case ports = "Ports"
    }

    init(_ service: Value) {
        let specification = service["Spec"]
        id = String((service["ID"]?.text ?? "").prefix(12))
        name = specification?["Name"]?.text ?? ""
        mode = specification?["Mode"]?["Replicated"] == nil ? "global" : "replicated"
        let status = service["ServiceStatus"]
        let running = status?["RunningTasks"]?.integer ?? 0
        replicas = "\(running)/\(status?["DesiredTasks"]?.integer ?? 0)"
        let reference = specification?["TaskTemplate"]?["ContainerSpec"]?["Image"]?.text ?? ""
        image = String(reference.prefix { $0 != "@" })
        ports = (service["Endpoint"]?["Ports"]?.elements ?? []).compactMap { port in
            guard let published = port["PublishedPort"]?.integer else { return nil }
            let target = port["TargetPort"]?.integer ?? 0
            return "*:\(published)->\(target)/\(port["Protocol"]?.text ?? "tcp")"
        }.joined(separator: ", ")
    }
}

/// A task as `stack ps` shows it.
struct StackTaskListing: Encodable, Sendable {
    var id: String
    var name: String
    var image: String
    var node: String
    var desiredState: String
    var currentState: String
    var error: String

    enum CodingKeys: String, CodingKey {
        case id = "ID"
        case name = "Name"
        case image = "Image"
        case node = "Node"
        case desiredState = "DesiredState"
        case currentState = "CurrentState"
        case error = "Error"
    }

    init(_ task: Value, services: [Value], nodes: [String: String]) {
        id = String((task["ID"]?.text ?? "").prefix(12))
        let service = services.first { $0["ID"] == task["ServiceID"] }
        let nodeID = task["NodeID"]?.text ?? ""
        // A task of a global service has no slot.
        let slot = task["Slot"]?.integer.map(String.init) ?? nodeID
        name = "\(service?["Spec"]?["Name"]?.text ?? "").\(slot)"
        let reference = task["Spec"]?["ContainerSpec"]?["Image"]?.text ?? ""
        image = String(reference.prefix { $0 != "@" })
        node = nodes[nodeID] ?? nodeID
        desiredState = (task["DesiredState"]?.text ?? "").capitalized
        currentState = (task["Status"]?["State"]?.text ?? "").capitalized
        error = task["Status"]?["Err"]?.text ?? ""
    }
}

extension String {
    fileprivate var capitalized: String { prefix(1).uppercased() + dropFirst() }
}
