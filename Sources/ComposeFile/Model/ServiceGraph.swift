import YAML

/// Which active services wait for which.
public struct ServiceGraph: Sendable {
    /// The services that each service waits for, sorted by name.
    private let needs: [String: [String]]
    /// The services that wait for each service, sorted by name.
    private let neededBy: [String: [String]]
    /// Services that can start together, in the order in which the groups can start.
    public let levels: [[String]]

    /// The graph of a project; throws when services wait for each other in a circle.
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

    /// Every service after all those that it waits for; what could stand side by side, by name.
    public var order: [String] { Array(levels.joined()) }

    /// The services that `service` waits for itself.
    public func dependencies(of service: String) -> [String] { needs[service] ?? [] }

    /// The services that wait for `service` themselves.
    public func dependents(of service: String) -> [String] { neededBy[service] ?? [] }

    /// `services` and all that they wait for, at any distance.
    public func closure(of services: some Sequence<String>) -> Set<String> {
        reach(from: services, along: needs)
    }

    /// `services` and all that wait for them, at any distance.
    public func dependentClosure(of services: some Sequence<String>) -> Set<String> {
        reach(from: services, along: neededBy)
    }

    private func reach(
        from services: some Sequence<String>,
        along edges: [String: [String]]
    ) -> Set<String> {
        var reached: Set<String> = []
        var open = services.filter { needs[$0] != nil }
        while let service = open.popLast() {
            if reached.insert(service).inserted { open += edges[service] ?? [] }
        }
        return reached
    }

    /// Takes away, again and again, the services that wait for none of the rest.
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

    /// One circle among the services that cannot be put in order.
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
        let circle = Array(path[start...])
        let first = circle.min().flatMap(circle.firstIndex) ?? 0
        let names = circle[first...] + circle[..<first]
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
