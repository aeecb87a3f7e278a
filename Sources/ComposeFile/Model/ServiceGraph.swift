import YAML

/// The dependency graph of a project's active services.
public struct ServiceGraph: Sendable {
    /// The direct dependencies of each service, sorted by name.
    private let needs: [String: [String]]
    /// The direct dependents of each service, sorted by name.
    private let neededBy: [String: [String]]
    /// Groups of services that can start concurrently, in start order.
    public let levels: [[String]]

    /// Creates the graph of a project; throws if dependencies form a cycle.
    public init(_ project: Project) throws(ComposeErrors) {
        var needs: [String: [String]] = [:]
        var neededBy: [String: [String]] = [:]
        for (name, service) in project.services {
            needs[name] = service.dependsOn.keys.filter { project.services[$0] != nil }.sorted()
            for dependency in needs[name, default: []] {
                neededBy[dependency, default: []].append(name)
            }
        }
        self.needs = needs
        self.neededBy = neededBy.mapValues { $0.sorted() }
        levels = ServiceGraph.levels(needs, neededBy)
        if levels.joined().count < needs.count {
            throw ServiceGraph.cycle(among: needs, done: Set(levels.joined()), in: project)
        }
    }

    /// All services in topological order, dependencies first; otherwise by name.
    public var order: [String] { Array(levels.joined()) }

    /// The direct dependencies of `service`.
    public func dependencies(of service: String) -> [String] { needs[service] ?? [] }

    /// The direct dependents of `service`.
    public func dependents(of service: String) -> [String] { neededBy[service] ?? [] }

    /// `services` and their transitive dependencies.
    public func closure(of services: some Sequence<String>) -> Set<String> {
        var reached: Set<String> = []
        var open = services.filter { needs[$0] != nil }
        while let service = open.popLast() {
            if reached.insert(service).inserted { open += needs[service] ?? [] }
        }
        return reached
    }

    /// Repeatedly removes the services without dependencies among the remaining ones.
    private static func levels(
        _ needs: [String: [String]],
        _ neededBy: [String: [String]]
    ) -> [[String]] {
        var missing = needs.mapValues(\.count)
        var level = missing.filter { $0.value == 0 }.map(\.key).sorted()
        var levels: [[String]] = []
        while !level.isEmpty {
            levels.append(level)
            var next: [String] = []
            for dependent in level.flatMap({ neededBy[$0] ?? [] }) {
                let left = missing[dependent, default: 0] - 1
                missing[dependent] = left
                if left == 0 { next.append(dependent) }
            }
            level = next.sorted()
        }
        return levels
    }

    /// The error for one cycle among the services that have no topological order.
    private static func cycle(
        among needs: [String: [String]],
        done: Set<String>,
        in project: Project
    ) -> ComposeErrors {
        var path: [String] = []
        var next = needs.keys.filter { !done.contains($0) }.min()
        while let name = next, !path.contains(name) {
            path.append(name)
            next = needs[name]?.first { !done.contains($0) }
        }
        let start = next.flatMap(path.firstIndex) ?? 0
        let cycle = Array(path[start...])
        let first = cycle.min().flatMap(cycle.firstIndex) ?? 0
        let names = cycle[first...] + cycle[..<first]
        let closed = Array(names) + names.prefix(1)
        let location = project.services[closed[0]]?
            .location(of: "depends_on", closed.count > 1 ? closed[1] : closed[0])
        let file = project.composeFiles.first ?? ""
        return ComposeErrors(
            .dependencyCycle(closed),
            at: location ?? SourceLocation(file: file, line: 1, column: 1)
        )
    }
}
