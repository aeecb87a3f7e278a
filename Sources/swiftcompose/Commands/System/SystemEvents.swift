import ArgumentParser
import OCI
import Orchestrator

struct SystemEvents: SynchronousCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Print the events of the containers of all projects as they happen.",
        discussion: "'swiftcompose events' prints those of one project."
    )

    @Option(
        name: .shortAndLong,
        help: """
            Filter the events by container=NAME|ID, event=ACTION, image=NAME, label=NAME[=VALUE] or \
            type=container; repeatable.
            """
    )
    var filter: [String] = []

    @Option(help: "Format of the output: text, json (one object per line), or a Go template.")
    var format = "text"

    @Option(help: "Show all events created since a timestamp or relative time (e.g., 42m).")
    var since: String?

    @Option(help: "Stream events until this timestamp.")
    var until: String?

    func run(in session: Session) throws -> Int32 {
        let filter = try ResourceFilter(
            filter,
            accepting: [.container, .event, .image, .label, .type]
        )
        let template = ["text", "json", ""].contains(format) ? nil : try GoTemplate(format)
        let isJSON = format == "json"
        let now = Timestamp.now
        let events = try HostEventFollow(session.paths) { entry, _ in
            guard let event = HostEvent(entry), filter.accepts(event) else { return }
            if let template {
                Output.line(try template.text(of: TemplateValue(of: event)))
            } else {
                Output.line(isJSON ? JSONText.line(event) : event.text)
            }
        }
        try events.run(
            since: try since.map { try TimeArgument.required($0, "--since", now: now) },
            until: try until.map { try TimeArgument.required($0, "--until", now: now) }
        )
        return 0
    }
}

extension ResourceFilter {
    fileprivate func accepts(_ event: HostEvent) -> Bool {
        accepts(.type) { $0 == "container" }
            && accepts(.event) { event.action == $0 || event.action.hasPrefix("\($0):") }
            && accepts(.container) { event.attributes["name"] == $0 || event.id.hasPrefix($0) }
            && accepts(.image) { event.attributes["image"] == $0 }
            && accepts(labels: event.attributes)
    }
}
