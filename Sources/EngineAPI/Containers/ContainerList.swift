import ImageStore
import Linux
import OCI
import Orchestrator
import SystemPackage

extension Engine {
    private static let listFilters: Set<String> = [
        "ancestor", "before", "expose", "exited", "health", "id", "is-task", "label", "name",
        "network", "publish", "since", "status", "volume",
    ]

    /// `GET /containers/json`.
    func listContainers(_ request: Request, _ response: Response) async throws {
        let filters = try Filters(request.query, known: Self.listFilters)
        let limit = try request.query.number("limit").flatMap { $0 > 0 ? $0 : nil }
        let includesStopped =
            request.query.flag("all") || limit != nil || !filters["status"].isEmpty
            || !filters["exited"].isEmpty
        let all = try allContainers()
        let before = try filters["before"].first.map { try container($0).record.created }
        let since = try filters["since"].first.map { try container($0).record.created }
        var found = try all.filter { container in
            if !includesStopped, !container.isRunning { return false }
            if let before, container.record.created >= before { return false }
            if let since, container.record.created <= since { return false }
            return try matches(container, filters)
        }
        if let limit { found = Array(found.prefix(limit)) }
        let showsSize = request.query.flag("size")
        let now = Timestamp.now
        try await response.send(
            .array(try found.map { try listing($0, at: now, showsSize: showsSize) })
        )
    }

    func matches(_ container: ExistingContainer, _ filters: Filters) throws -> Bool {
        let record = container.record
        guard filters.matches(labels: record.labels),
            filters.any("id", { record.id.hasPrefix($0) }),
            filters.any("status", { $0 == container.state.status.rawValue }),
            filters.any("health", { $0 == container.state.health?.rawValue ?? "none" }),
            filters.any("exited", { Int32($0) == container.state.exitCode && container.hasEnded }),
            filters.any(
                "volume",
                { wanted in
                    record.volumes.contains { $0.name == wanted || $0.target == wanted }
                        || record.mounts.contains {
                            $0.destination == wanted || $0.source == wanted
                        }
                }
            )
        else { return false }
        if !filters["name"].isEmpty {
            let patterns = try filters["name"].map { try Self.pattern($0) }
            let isNamed = patterns.contains { pattern in
                record.name.contains(pattern) || "/\(record.name)".contains(pattern)
            }
            guard isNamed else { return false }
        }
        if !filters["network"].isEmpty {
            let endpoints = ContainerNetworks(container, in: host.networks).endpoints
            let isAttached = filters["network"].contains { wanted in
                endpoints.keys.contains(wanted)
                    || endpoints.values.contains {
                        $0["NetworkID"].string?.hasPrefix(wanted) == true
                    }
            }
            guard isAttached else { return false }
        }
        if !filters["ancestor"].isEmpty {
            let ids = Set(
                try filters["ancestor"].compactMap { try host.images.image(named: $0)?.id }
            )
            guard ids.contains(record.imageID) || filters["ancestor"].contains(record.image) else {
                return false
            }
        }
        guard filters.any("expose", { record.exposedPorts.contains(Self.portName($0)) }) else {
            return false
        }
        return filters.any("publish") { wanted in
            container.state.ports.contains {
                "\($0.containerPort)/\($0.transport)" == Self.portName(wanted)
            }
        }
    }

    static func pattern(_ text: String) throws(EngineError) -> Regex<AnyRegexOutput> {
        do {
            return try Regex(text)
        } catch {
            throw .badRequest("invalid filter: '\(text)' is not a regular expression")
        }
    }

    private static func portName(_ text: String) -> String {
        text.contains("/") ? text : "\(text)/tcp"
    }

    private func listing(
        _ container: ExistingContainer,
        at now: Timestamp,
        showsSize: Bool
    ) throws -> JSON {
        let record = container.record
        var document: JSON = [
            "Id": .string(record.id), "Names": [.string("/\(record.name)")],
            "Image": .string(record.image), "ImageID": .string("\(record.imageID)"),
            "Command": .string(record.command.joined(separator: " ")),
            "Created": .integer(record.created.seconds), "Ports": ContainerPorts(container).list,
            "Labels": JSON(record.labels), "State": .string(container.state.status.rawValue),
            "Status": .string(container.statusText(at: now)),
            "HostConfig": ["NetworkMode": .string(networkMode(of: record))],
            "NetworkSettings": [
                "Networks": .object(ContainerNetworks(container, in: host.networks).endpoints)
            ],
            "Mounts": record.mountDocuments,
        ]
        if showsSize {
            document["SizeRw"] = .integer(try writableSize(of: record))
            document["SizeRootFs"] = document["SizeRw"]
        }
        return document
    }

    /// The bytes that a container has written to its root file system.
    func writableSize(of record: ContainerRecord) throws -> Int64 {
        try FileSystem.diskUsage(of: host.paths.project(record.project).container(record.id).upper)
    }

    func networkMode(of record: ContainerRecord) -> String {
        switch record.network {
        case .host: "host"
        case .none: "none"
        case .container(let name): "container:\(name)"
        case .attached(let attachments): attachments.first?.network ?? "none"
        }
    }
}
