import Linux
import OCI
import Orchestrator

/// An event as docker compose prints it.
struct EventLine: Encodable {
    var action: String
    var attributes: [String: String]
    var id: String
    var service: String
    var time: String
    var type = "container"

    /// Nil for events that docker does not have.
    init?(_ entry: EventFollow.Entry) {
        switch entry {
        case .created(let record): self.init(creationOf: record)
        case .event(let event, let record): self.init(event, record)
        }
    }

    private init?(_ event: ContainerEvent, _ record: ContainerRecord?) {
        var attributes = Self.attributes(record, name: event.name)
        switch event.kind {
        case .created: action = "create"
        case .started: action = "start"
        case .died(let code, _):
            action = "die"
            attributes["exitCode"] = code.map(String.init) ?? "unknown"
        case .stopped: action = "stop"
        case .restarted: action = "restart"
        case .killed(let signal):
            action = "kill"
            attributes["signal"] = String(signal.rawValue)
        case .paused: action = "pause"
        case .resumed: action = "unpause"
        case .outOfMemory: action = "oom"
        case .health(let health): action = "health_status: \(health.rawValue)"
        case .removed: action = "destroy"
        case .execCreated(let id, let command):
            action = "exec_create: \(command)"
            attributes["execID"] = id
        case .execStarted(let id, let command):
            action = "exec_start: \(command)"
            attributes["execID"] = id
        case .execDied(let id, let code):
            action = "exec_die"
            attributes["execID"] = id
            attributes["exitCode"] = code.map(String.init) ?? "unknown"
        case .probed, .startFailed, .hookOutput: return nil
        }
        self.attributes = attributes
        id = event.container
        service = event.service
        time = event.time.description
    }

    private init(creationOf record: ContainerRecord) {
        action = "create"
        attributes = Self.attributes(record, name: record.name)
        id = record.id
        service = record.service
        time = record.created.description
    }

    private static func attributes(_ record: ContainerRecord?, name: String) -> [String: String] {
        var attributes = (record?.labels ?? [:]).filter {
            !$0.key.hasPrefix("com.docker.compose.")
        }
        attributes["image"] = record?.image ?? ""
        attributes["name"] = name
        return attributes
    }

    var text: String {
        let list = attributes.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
        let moment = time.replacing("T", with: " ").prefix(26)
        let text = "\(moment) container \(action) \(id) (\(list.joined(separator: ", ")))"
        return text.escapedForTerminal()
    }
}
