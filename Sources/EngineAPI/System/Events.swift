import OCI
import Orchestrator

extension Engine {
    private static let eventFilters: Set<String> = [
        "config", "container", "daemon", "event", "image", "label", "network", "node", "plugin",
        "scope", "secret", "service", "type", "volume",
    ]

    /// `GET /events`.
    func events(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(request.query, known: Self.eventFilters)
        let since = try request.query["since"].map { try Timestamp(parameter: $0) }
        let until = try request.query["until"].map { try Timestamp(parameter: $0) }
        // Begun before the past is read, so that no event is missed.
        let follow = try HostJournalFollow(host.journal)
        defer { follow.stop() }
        let body = try await response.stream()
        var last = Timestamp(seconds: 0)
        if let since {
            for event in try host.journal.read(since: since) {
                last = max(last, event.time)
                if let until, event.time > until { break }
                if isVisible(event), Self.matches(event, filters) {
                    try await body.write(event.document)
                }
            }
        }
        if let until, until <= .now { return try await body.end() }
        await withTaskGroup(of: Void.self) { [last] group in
            group.addTask {
                for await event in follow.events where event.time > last {
                    if let until, event.time > until { break }
                    guard isVisible(event), Self.matches(event, filters) else { continue }
                    // A client that is gone ends the other task.
                    try? await body.write(event.document)
                }
            }
            group.addTask { await request.input.end() }
            if let until {
                group.addTask {
                    try? await Task.sleep(for: min(until - .now, .seconds(315_576_000)))
                }
            }
            await group.next()
            group.cancelAll()
        }
        try await body.end()
    }

    static func matches(_ event: HostEvent, _ filters: Filters) -> Bool {
        func matches(_ key: String, _ kind: HostEvent.Kind, id: String, name: String?) -> Bool {
            filters.any(key) { wanted in
                event.kind == kind && (id == wanted || id.hasPrefix(wanted) || name == wanted)
            }
        }
        let attributes = event.attributes
        return filters.any("type", { $0 == event.kind.rawValue })
            && filters.any("scope", { $0 == "local" })
            && filters.any("event", { event.action == $0 || event.action.hasPrefix("\($0):") })
            && filters.matches(labels: attributes)
            && matches("container", .container, id: event.id, name: attributes["name"])
            && matches("network", .network, id: event.id, name: attributes["name"])
            && matches("volume", .volume, id: event.id, name: nil)
            && filters.any(
                "image",
                { wanted in
                    event.id == wanted || attributes["image"] == wanted
                        || attributes["name"] == wanted
                }
            )
            && ["config", "daemon", "node", "plugin", "secret", "service"].allSatisfy {
                filters[$0].isEmpty
            }
    }
}

extension HostEvent {
    /// The event as clients read it.
    var document: JSON {
        var document: JSON = [
            "Type": .string(kind.rawValue), "Action": .string(action),
            "Actor": ["ID": .string(id), "Attributes": JSON(attributes)], "scope": "local",
            "time": .integer(time.seconds), "timeNano": .integer(time.sinceEpoch),
        ]
        guard kind == .container || kind == .image else { return document }
        document["status"] = .string(action)
        document["id"] = .string(id)
        if let image = attributes["image"] { document["from"] = .string(image) }
        return document
    }
}
