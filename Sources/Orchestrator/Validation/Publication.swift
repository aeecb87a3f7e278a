import ComposeFile

/// The addresses at which a project publishes ports that name none: `x-publish`.
extension Project {
    /// Whether `x-publish: localhost` limits ports to this host.
    var publishesLocally: Bool { extensions[Self.publishKey] == .string("localhost") }

    /// This project with ports that name no address published at 127.0.0.1 if `x-publish` says so.
    func withPublication() -> Project {
        guard publishesLocally else { return self }
        var project = self
        for name in project.services.keys {
            guard let ports = project.services[name]?.ports else { continue }
            project.services[name]?.ports = ports.map { port in
                var port = port
                if port.hostIP?.isEmpty ?? true { port.hostIP = "127.0.0.1" }
                return port
            }
        }
        return project
    }

    /// Throws for a text other than `localhost` and `all` as `x-publish`, a likely slip that would
    /// open ports. Another kind of value is the user's own: docker compose accepts any.
    func checkPublication() throws {
        guard case .string(let value)? = extensions[Self.publishKey], value != "all",
            !publishesLocally
        else { return }
        throw OrchestratorError.unsupported(
            AttributePlace(path: Self.publishKey, location: location(of: Self.publishKey)),
            reason: "use 'localhost', or 'all', the default"
        )
    }

    /// A warning for all ports of well-known databases that other hosts can reach, except those of
    /// services in `known`; nil if there are none.
    func exposureWarning(except known: Set<String>) -> ComposeWarning? {
        let exposed = withPublication().orderedServices.filter { !known.contains($0.name) }
            .flatMap { service in
                service.ports.filter(\.isOpenToAll).compactMap { port in
                    DatabasePort.names[port.target].map {
                        "\(service.name) (\($0), \(port.target))"
                    }
                }
            }
        guard !exposed.isEmpty else { return nil }
        return ComposeWarning(
            "ports: other hosts can reach \(exposed.joined(separator: ", ")); publish at 127.0.0.1, "
                + "or set 'x-publish: localhost' for the whole project"
        )
    }

    private static let publishKey = "x-publish"
}

extension Port {
    /// Whether it is published at every address of the host.
    fileprivate var isOpenToAll: Bool { ["", "0.0.0.0", "::"].contains(hostIP ?? "") }
}

/// The ports at which databases listen by default. Source: their documentation.
enum DatabasePort {
    static let names: [Int: String] = [
        1433: "SQL Server", 1521: "Oracle", 2379: "etcd", 3306: "MySQL", 5432: "PostgreSQL",
        5984: "CouchDB", 6379: "Redis", 7687: "Neo4j", 8086: "InfluxDB", 9042: "Cassandra",
        9200: "Elasticsearch", 11211: "Memcached", 26257: "CockroachDB", 27017: "MongoDB",
    ]
}
