import ArgumentParser
import Linux
import OCI
import Orchestrator

struct Events: ComposeCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Stream what happens to the project's containers."
    )

    @Flag(help: "One JSON object a line.")
    var json = false

    @Option(help: "Begin with past events since a time or an age such as 42m.")
    var since: String?

    @Option(help: "End at that time.")
    var until: String?

    @Argument(help: "The services; all of them if none is named.", completion: .existingServices)
    var services: [String] = []

    func run(in session: Session) async throws -> Int32 {
        let project = try session.projectReference(naming: services)
        let now = Timestamp.now
        let client = SupervisorClient(
            project: project.name,
            paths: session.paths,
            executable: session.executable
        )
        let containers = ContainerStore(session.paths)
        func show(_ event: ContainerEvent) throws {
            guard services.isEmpty || services.contains(event.service) else { return }
            let record = try containers.container(event.container, of: project.name)?.record
            guard record?.isOneOff != true, let line = EventLine(event, record) else { return }
            Output.line(json ? JSONText.line(line) : line.text)
        }
        if let since {
            let start = try TimeArgument.required(since, "--since", now: now)
            let journal = EventJournal(session.paths.project(project.name))
            for event in try journal.read(since: start) { try show(event) }
        }
        let end = try until.map { try TimeArgument.required($0, "--until", now: now) }
        if let end, end <= now { return 0 }
        let events = try await client.events()
        try await withThrowingTaskGroup { group in
            if let end {
                group.addTask {
                    try await Task.sleep(for: end - now)
                    await client.close()
                }
            }
            for await event in events {
                if let end, event.time > end { break }
                try show(event)
            }
            group.cancelAll()
        }
        await client.close()
        return 0
    }
}

/// An event as docker compose tells it.
struct EventLine: Encodable {
    var action: String
    var attributes: [String: String]
    var id: String
    var service: String
    var time: String
    var type = "container"

    /// Nil for what docker has no word for.
    init?(_ event: ContainerEvent, _ record: ContainerRecord?) {
        var attributes = (record?.labels ?? [:]).filter {
            !$0.key.hasPrefix("com.docker.compose.")
        }
        attributes["image"] = record?.image ?? ""
        attributes["name"] = event.name
        switch event.kind {
        case .started: action = "start"
        case .died(let code, _):
            action = "die"
            attributes["exitCode"] = code.map(String.init) ?? "unknown"
        case .stopped: action = "stop"
        case .killed(let signal):
            action = "kill"
            attributes["signal"] = String(signal.rawValue)
        case .paused: action = "pause"
        case .resumed: action = "unpause"
        case .outOfMemory: action = "oom"
        case .health(let health): action = "health_status: \(health.rawValue)"
        case .removed: action = "destroy"
        case .probed, .startFailed, .hookOutput: return nil
        }
        self.attributes = attributes
        id = event.container
        service = event.service
        time = event.time.description
    }

    var text: String {
        let list = attributes.sorted { $0.key < $1.key }.map { "\($0)=\($1)" }
        let moment = time.replacing("T", with: " ").prefix(26)
        return "\(moment) container \(action) \(id) (\(list.joined(separator: ", ")))"
    }
}
