import Linux
public import OCI

/// An event of this host's containers, networks, volumes and images, in the terms of the Docker
/// Engine API.
///
/// Source: Engine API, `SystemEvents`.
public struct HostEvent: Codable, Sendable, Equatable {
    public enum Kind: String, Codable, Sendable {
        case container
        case network
        case volume
        case image
    }

    public var kind: Kind
    /// Such as `create`, `die` or `health_status: healthy`.
    public var action: String
    /// The id of a container or network, the name of a volume, the reference or id of an image.
    public var id: String
    public var attributes: [String: String]
    public var time: Timestamp

    public init(
        _ kind: Kind,
        _ action: String,
        id: String,
        attributes: [String: String] = [:],
        time: Timestamp = .now
    ) {
        self.kind = kind
        self.action = action
        self.id = id
        self.attributes = attributes
        self.time = time
    }
}

extension HostEvent {
    /// An event of a container, with its labels among the attributes.
    public init(
        _ action: String,
        of record: ContainerRecord,
        _ extra: [String: String] = [:],
        time: Timestamp = .now
    ) {
        let own = ["image": record.image, "name": record.name]
        self.init(
            .container,
            action,
            id: record.id,
            attributes: record.labels.merging(own) { $1 }.merging(extra) { $1 },
            time: time
        )
    }

    /// The same event as a supervisor publishes it; nil for one that Docker does not have.
    init?(_ event: ContainerEvent, of record: ContainerRecord) {
        guard let (action, extra) = event.kind.hostAction else { return nil }
        self.init(action, of: record, extra, time: event.time)
    }
}

extension ContainerEvent.Kind {
    /// The action in the Engine API, with its own attributes.
    fileprivate var hostAction: (String, [String: String])? {
        switch self {
        case .started: return ("start", [:])
        case .died(let code, _):
            return ("die", ["exitCode": code.map(String.init) ?? "unknown"])
        case .stopped: return ("stop", [:])
        case .killed(let signal): return ("kill", ["signal": String(signal.rawValue)])
        case .paused: return ("pause", [:])
        case .resumed: return ("unpause", [:])
        case .outOfMemory: return ("oom", [:])
        case .health(let health): return ("health_status: \(health.rawValue)", [:])
        case .restarted: return ("restart", [:])
        case .removed: return ("destroy", [:])
        case .execCreated(let id, let command):
            return ("exec_create: \(command)", ["execID": id])
        case .execStarted(let id, let command): return ("exec_start: \(command)", ["execID": id])
        case .execDied(let id, let code):
            let code = code.map(String.init) ?? "unknown"
            return ("exec_die", ["execID": id, "exitCode": code])
        // The store journals the creation.
        case .created, .probed, .startFailed, .hookOutput: return nil
        }
    }
}
