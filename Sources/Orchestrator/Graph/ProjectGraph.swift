public import ComposeFile

/// The services, networks, volumes, ports and dependencies of a project, with live states.
public struct ProjectGraph: Sendable, Equatable, Encodable {
    /// A service, with the states of its containers.
    public struct Node: Sendable, Equatable, Encodable {
        public var name: String
        /// `running`, `healthy`, `2 of 3 running`; `absent` without containers.
        public var state: String
        public var networks: [String]
        public var volumes: [String]
        /// `127.0.0.1:8080->80/tcp`.
        public var ports: [String]
        /// The number of dependencies below it at most.
        public var rank = 0
    }

    /// A service that needs another one.
    public struct Edge: Sendable, Equatable, Encodable {
        public var from: String
        public var to: String
        /// `started`, `healthy` or `completed`.
        public var condition: String
    }

    public var project: String
    public var services: [Node]
    public var dependencies: [Edge]
    public var networks: [String]
    public var volumes: [String]

    /// `order` holds the services with dependencies before dependents.
    init(_ project: Project, order: [String], containers: [ExistingContainer]) {
        self.project = project.name
        let services = order.compactMap { project.services[$0] }
        let names = Set(services.map(\.name))
        dependencies = services.flatMap { service in
            service.dependsOn.sorted { $0.key < $1.key }.filter { names.contains($0.key) }
                .map { Edge(from: service.name, to: $0.key, condition: $0.value.condition.word) }
        }
        var ranks: [String: Int] = [:]
        for service in services {
            let below = service.dependsOn.keys.compactMap { ranks[$0] }
            ranks[service.name] = (below.max() ?? -1) + 1
        }
        self.services = services.map { service in
            let own = containers.filter { $0.record.service == service.name && !$0.record.isOneOff }
            return Node(
                name: service.name,
                state: Self.state(of: own),
                networks: service.networks.keys.sorted(),
                volumes: service.volumes.filter { $0.kind == .volume }.compactMap(\.source)
                    .sorted(),
                ports: own.isEmpty
                    ? service.ports.map(\.text) : own.flatMap { $0.state.ports.map(\.text) },
                rank: ranks[service.name] ?? 0
            )
        }
        networks = Set(self.services.flatMap(\.networks)).sorted()
        volumes = Set(self.services.flatMap(\.volumes)).sorted()
    }

    /// Reads the containers of the project.
    public init(_ project: Project, _ paths: DataPaths) throws {
        self.init(
            project,
            order: try ServiceGraph(project).order,
            containers: try ContainerStore(paths).containers(of: project.name)
        )
    }

    private static func state(of containers: [ExistingContainer]) -> String {
        let states = containers.map { $0.state.health?.rawValue ?? $0.state.status.rawValue }
        guard let first = states.first else { return "absent" }
        guard Set(states).count > 1 else {
            return states.count == 1 ? first : "\(states.count) \(first)"
        }
        return "\(containers.filter(\.isRunning).count) of \(states.count) running"
    }
}

extension Dependency.Condition {
    fileprivate var word: String {
        switch self {
        case .started: "started"
        case .healthy: "healthy"
        case .completedSuccessfully: "completed"
        }
    }
}

extension Port {
    /// As it is declared.
    fileprivate var text: String {
        let host = hostIP.map { "\($0):" } ?? ""
        return "\(host)\(published ?? "")->\(target)/\(self.protocol ?? "tcp")"
    }
}

extension PublishedPort {
    /// As it is bound.
    fileprivate var text: String {
        let host = hostAddress.isEmpty ? "" : "\(hostAddress):"
        return "\(host)\(hostPorts.lowerBound)->\(containerPort)/\(transport)"
    }
}
