public import ComposeFile

/// An existing stack: the objects of an engine that have its label.
public struct Stack: Sendable {
    private static let patience = Duration.seconds(60)
    private static let interval = Duration.milliseconds(300)

    let client: EngineClient
    let name: String

    public init(_ client: EngineClient, name: String) {
        self.client = client
        self.name = name
    }

    /// The number of services of each stack, by name.
    public static func all(_ client: EngineClient) async throws(EngineError) -> [String: Int] {
        var counts: [String: Int] = [:]
        for service in try await client.get("/services").elements {
            if let name = service.label("com.docker.stack.namespace") {
                counts[name, default: 0] += 1
            }
        }
        return counts
    }

    /// The services with the numbers of their tasks, by name.
    public func services() async throws(EngineError) -> [Value] {
        let filter = EngineClient.filter(stack: name)
        return try await client.get("/services?status=true&\(filter)").elements
            .sorted { ($0["Spec"]?["Name"]?.text ?? "") < ($1["Spec"]?["Name"]?.text ?? "") }
    }

    /// The tasks, the newest of each replica first.
    public func tasks() async throws(EngineError) -> [Value] {
        try await client.get("/tasks?\(EngineClient.filter(stack: name))").elements
            .sorted { first, second in
                let keys = [first, second].map { task in
                    (task["ServiceID"]?.text ?? "", task["Slot"]?.integer ?? 0)
                }
                if keys[0] != keys[1] { return keys[0] < keys[1] }
                return first["CreatedAt"]?.text ?? "" > second["CreatedAt"]?.text ?? ""
            }
    }

    /// The host names of the nodes, by id.
    public func nodes() async throws(EngineError) -> [String: String] {
        Dictionary(
            try await client.get("/nodes").elements.compactMap { node in
                guard let id = node["ID"]?.text else { return nil }
                return (id, node["Description"]?["Hostname"]?.text ?? id)
            }
        ) { $1 }
    }

    /// Removes the services, then the secrets, configs and networks, which their tasks use until
    /// they have stopped.
    public func remove(progress: StackProgress) async throws {
        let filter = EngineClient.filter(stack: name)
        async let networks = client.get("/networks?\(filter)")
        async let secrets = client.get("/secrets?\(filter)")
        async let configs = client.get("/configs?\(filter)")
        let services = try await services()
        let others = [
            ("Secret", "/secrets", try await secrets), ("Config", "/configs", try await configs),
            ("Network", "/networks", try await networks),
        ]
        guard !services.isEmpty || others.contains(where: { !$0.2.elements.isEmpty }) else {
            throw EngineError.noSuchStack(name)
        }
        for service in services {
            guard let id = service["ID"]?.text else { continue }
            try await client.delete("/services/\(id)")
            progress("Service \(service["Spec"]?["Name"]?.text ?? id)", "Removed", .done, nil)
        }
        try await waitForTasks()
        for (kind, path, list) in others {
            for object in list.elements {
                guard let id = object["ID"]?.text ?? object["Id"]?.text else { continue }
                let title = object["Spec"]?["Name"]?.text ?? object["Name"]?.text ?? id
                try await remove(kind, title, "\(path)/\(id)")
                progress("\(kind) \(title)", "Removed", .done, nil)
            }
        }
    }

    /// Waits until the engine has removed the tasks, whose containers use the networks.
    private func waitForTasks() async throws {
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end, try await !tasks().isEmpty {
            try await Task.sleep(for: Self.interval)
        }
    }

    private func remove(_ kind: String, _ name: String, _ path: String) async throws {
        let end = ContinuousClock.now + Self.patience
        while true {
            do throws(EngineError) {
                return try await client.delete(path)
            } catch {
                guard case .refused(_, let status, let message) = error else { throw error }
                if status == 404 { return }
                guard ContinuousClock.now < end else {
                    throw EngineError.stillInUse(
                        kind: kind.lowercased(),
                        name: name,
                        message: message
                    )
                }
            }
            try await Task.sleep(for: Self.interval)
        }
    }
}
