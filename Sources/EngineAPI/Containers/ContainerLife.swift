import Linux
import OCI
import Orchestrator

extension Engine {
    /// `POST /containers/{id}/start`.
    func startContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        if container.isRunning, container.state.status != .restarting {
            throw EngineError.notModified
        }
        let (id, project) = (container.id, container.record.project)
        let client = client(of: project)
        do {
            let events = container.record.removesItself ? try await client.events() : nil
            try await client.request(.start(container: id))
            guard let events else {
                await client.close()
                return try await response.send(status: 204)
            }
            // Ends when the container has exited and its output has been read.
            Task { [starts] in
                _ = await Self.exit(of: id, in: events)
                await starts.untilRead(id)
                await client.close()
            }
        } catch {
            await client.close()
            throw error
        }
        try await response.send(status: 204)
    }

    /// `POST /containers/{id}/stop`.
    func stopContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        guard container.isRunning else { throw EngineError.notModified }
        try await stop(container, grace: try grace(request), signal: try signal(request))
        try await response.send(status: 204)
    }

    /// `POST /containers/{id}/restart`.
    func restartContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        if container.isRunning {
            try await stop(container, grace: try grace(request), signal: try signal(request))
        }
        try await withSupervisor(of: container.record.project) { client in
            try await client.request(.start(container: container.id))
        }
        host.journal.append(HostEvent("restart", of: container.record))
        try await response.send(status: 204)
    }

    /// Sends the client's own signal, if it gives one, before the stop.
    private func stop(
        _ container: ExistingContainer,
        grace: Duration?,
        signal: Signal?
    ) async throws {
        try await withSupervisor(of: container.record.project) { client in
            if let signal {
                try await client.request(.kill(container: container.id, signal: signal))
            }
            try await client.request(.stop(container: container.id, grace: grace))
        }
    }

    /// How long to wait for the end of a killed container.
    private static let killPatience = Duration.seconds(10)

    /// `POST /containers/{id}/kill`.
    func killContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        try requireRunning(container, to: "kill")
        let signal = try signal(request) ?? .kill
        try await withSupervisor(of: container.record.project) { client in
            let events = signal == .kill ? try await client.events() : nil
            try await client.request(.kill(container: container.id, signal: signal))
            guard let events else { return }
            // Clients expect to find a killed container exited.
            await withTaskGroup { group in
                group.addTask { _ = await Self.death(of: container.id, in: events) }
                group.addTask {
                    // Cancelled by the death.
                    try? await Task.sleep(for: Self.killPatience)
                }
                await group.next()
                group.cancelAll()
            }
        }
        try await response.send(status: 204)
    }

    /// `POST /containers/{id}/pause`.
    func pauseContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        try requireRunning(container, to: "pause")
        if container.state.status == .paused {
            throw EngineError.conflict("container \(container.record.name) is already paused")
        }
        try await withSupervisor(of: container.record.project) { client in
            try await client.request(.pause(container: container.id))
        }
        try await response.send(status: 204)
    }

    /// `POST /containers/{id}/unpause`.
    func resumeContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        guard container.state.status == .paused else {
            throw EngineError(500, "Container \(container.id) is not paused")
        }
        try await withSupervisor(of: container.record.project) { client in
            try await client.request(.resume(container: container.id))
        }
        try await response.send(status: 204)
    }

    /// `POST /containers/{id}/resize`.
    func resizeContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        let size = try Self.size(request)
        try requireRunning(container, to: "resize")
        try await withSupervisor(of: container.record.project) { client in
            try await client.request(
                .resize(container: container.id, rows: size.rows, columns: size.columns)
            )
        }
        try await response.send(status: 200)
    }

    /// `POST /containers/{id}/rename`.
    func renameContainer(_ request: Request, _ response: Response) async throws {
        let container = try container(request.parameter("id"))
        guard let name = request.query["name"].map(Self.trimmed) else {
            throw EngineError.badRequest("Neither old nor new names may be empty")
        }
        try Self.check(name: name)
        guard name != container.record.name else {
            throw EngineError.badRequest(
                "Renaming a container with the same name as its current name"
            )
        }
        try await change(of: container.record.project).rename(container: container.id, to: name)
        try await response.send(status: 204)
    }

    /// `DELETE /containers/{id}`.
    func removeContainer(_ request: Request, _ response: Response) async throws {
        if request.query.flag("link") {
            try await removeLink(request.parameter("id"))
            return try await response.send(status: 204)
        }
        let container = try container(request.parameter("id"))
        let isForced = request.query.flag("force")
        guard isForced || !container.isRunning else {
            throw EngineError.conflict(Self.refusal(toRemove: container))
        }
        try await change(of: container.record.project).remove(
            container: container.id,
            stoppingWithin: .zero,
            removesAnonymousVolumes: request.query.flag("v")
        )
        try await response.send(status: 204)
    }

    /// Docker's words, which clients match.
    private static func refusal(toRemove container: ExistingContainer) -> String {
        let remedy =
            container.state.status == .paused
            ? "Unpause and then stop the container" : "Stop the container"
        return "You cannot remove a \(container.state.status.rawValue) container \(container.id). "
            + "\(remedy) before attempting removal or force remove"
    }

    /// Removes the link `CONTAINER/ALIAS`.
    private func removeLink(_ text: String) async throws {
        let path = Self.trimmed(text)
        let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
        guard parts.count == 2 else {
            throw EngineError.badRequest(
                "Conflict, cannot remove the default name of the container"
            )
        }
        let container = try container(parts[0])
        guard case .attached(let attachments) = container.record.network,
            attachments.contains(where: { $0.links[parts[1]] != nil })
        else {
            throw EngineError.notFound("No such link: \(path)")
        }
        try await change(of: container.record.project)
            .removeLink(parts[1], of: container.id)
    }

    /// `POST /containers/prune`.
    func pruneContainers(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(request.query, known: ["label", "label!", "until"])
        let until = try filters["until"].first.map { try Timestamp(parameter: $0) }
        var (deleted, bytes): ([String], Int64) = ([], 0)
        for container in try allContainers()
        where !container.isRunning && filters.matches(labels: container.record.labels)
            && until.map({ container.record.created < $0 }) ?? true
        {
            bytes += (try? writableSize(of: container.record)) ?? 0
            try await change(of: container.record.project).remove(
                container: container.id,
                stoppingWithin: .zero,
                removesAnonymousVolumes: false
            )
            deleted.append(container.id)
        }
        try await response.send([
            "ContainersDeleted": deleted.isEmpty ? nil : JSON(deleted),
            "SpaceReclaimed": .integer(bytes),
        ])
    }

    private func requireRunning(_ container: ExistingContainer, to verb: String) throws(EngineError)
    {
        guard container.isRunning else {
            throw .conflict(
                "cannot \(verb) container: \(container.id): container \(container.id) is not running"
            )
        }
    }

    private func grace(_ request: Request) throws(EngineError) -> Duration? {
        guard let seconds = try request.query.number("t") else { return nil }
        // Docker waits without end then.
        return .seconds(seconds < 0 ? 315_576_000 : min(seconds, 315_576_000))
    }

    private func signal(_ request: Request) throws(EngineError) -> Signal? {
        guard let text = request.query["signal"] else { return nil }
        guard let signal = Signal(text) else { throw .badRequest("invalid signal: \(text)") }
        return signal
    }

    static func trimmed(_ name: String) -> String {
        name.hasPrefix("/") ? String(name.dropFirst()) : name
    }
}
