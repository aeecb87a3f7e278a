import Orchestrator

extension Engine {
    private enum Condition: String {
        case notRunning = "not-running"
        case nextExit = "next-exit"
        case removed
    }

    /// `POST /containers/{id}/wait`.
    ///
    /// The headers are sent at once: clients start the container only when they have them.
    func waitForContainer(_ request: Request, _ response: Response) async throws {
        let text = request.query["condition"] ?? Condition.notRunning.rawValue
        guard let condition = Condition(rawValue: text) else {
            throw EngineError.badRequest("invalid condition: \"\(text)\"")
        }
        let container = try container(request.parameter("id"))
        try await withSupervisor(of: container.record.project) { client in
            // Subscribed before the state is read, so that no exit is missed.
            let removals = try HostJournalFollow(host.journal)
            defer { removals.stop() }
            let events = try await client.events()
            let now = try recorded(container)
            let body = try await response.stream()
            let status = await withTaskGroup(of: Int32?.self) { group in
                group.addTask {
                    await Self.status(
                        of: container.id,
                        now,
                        condition,
                        events,
                        removals.events
                    )
                }
                group.addTask {
                    await request.input.end()
                    return nil
                }
                defer { group.cancelAll() }
                return await group.next() ?? nil
            }
            if let status {
                try await body.write(["StatusCode": JSON(status), "Error": nil])
            }
            try await body.end()
        }
    }

    private static func status(
        of id: String,
        _ now: ExistingContainer?,
        _ condition: Condition,
        _ events: AsyncStream<ContainerEvent>,
        _ journal: AsyncStream<HostEvent>
    ) async -> Int32 {
        var last = now?.state.exitCode ?? 0
        guard let now else { return last }
        switch condition {
        case .notRunning where !now.isRunning: return last
        case .notRunning, .nextExit:
            return await death(of: id, in: events) ?? last
        case .removed:
            // One of the two streams reports the exit first, the journal the removal.
            for await event in journal where event.id == id && event.kind == .container {
                if event.action == "die" {
                    last = event.attributes["exitCode"].flatMap { Int32($0) } ?? last
                }
                if event.action == "destroy" { return last }
            }
            return last
        }
    }
}
