import Notation
import YAML

extension Project {
    /// Moves services without an active profile to `inactiveServices`.
    mutating func activate(profiles: [String]) {
        self.profiles = profiles
        let all = services.merging(inactiveServices) { active, _ in active }
        services = all.filter { $0.value.isActive(in: profiles) }
        inactiveServices = all.filter { !$0.value.isActive(in: profiles) }
    }

    /// Keeps the named services and their dependencies; naming a service activates its profiles.
    public mutating func select(_ names: [String]) throws(ComposeErrors) {
        guard !names.isEmpty else { return }
        let unknown = names.filter { services[$0] == nil && inactiveServices[$0] == nil }
        if let name = unknown.first { throw noSuchService(name) }
        let called = names.filter { services[$0] == nil }
            .flatMap { inactiveServices[$0]?.profiles ?? [] }
        if !called.isEmpty { activate(profiles: profiles + called) }
        let wanted = try closure(of: names)
        deactivate { !wanted.contains($0) }
        for name in services.keys {
            for dependency in services[name]?.dependsOn.keys ?? [:].keys
            where !wanted.contains(dependency) {
                services[name]?.dependsOn[dependency] = nil
            }
        }
    }

    /// Deactivates the services that `names` depend on: `--no-deps`.
    ///
    /// Their containers stay containers of declared services, not orphans.
    public mutating func deactivateDependencies(of names: [String]) {
        deactivate { !names.contains($0) }
    }

    private mutating func deactivate(where isUnwanted: (String) -> Bool) {
        for (name, service) in services where isUnwanted(name) {
            inactiveServices[name] = service
            services[name] = nil
        }
    }

    /// A service of the files, active or not.
    public func declaredService(_ name: String) -> Service? {
        services[name] ?? inactiveServices[name]
    }

    /// `names` and the services whose images their builds use as additional contexts, directly or
    /// through others.
    public func buildClosure(of names: [String]) -> Set<String> {
        var reached: Set<String> = []
        var open = names
        while let name = open.popLast() {
            guard let service = declaredService(name), reached.insert(name).inserted else {
                continue
            }
            open += (service.build?.additionalContexts ?? [:]).values
                .compactMap { $0.suffix(after: "service:") }
        }
        return reached
    }

    /// The named services and their transitive dependencies.
    private func closure(of names: [String]) throws(ComposeErrors) -> Set<String> {
        var reached: Set<String> = []
        var open = names.map { (name: $0, required: true, dependent: String?.none) }
        while let next = open.popLast() {
            guard let service = services[next.name] else {
                if next.required { throw unavailable(next.name, neededBy: next.dependent) }
                continue
            }
            guard reached.insert(next.name).inserted else { continue }
            open += service.dependsOn.map { ($0.key, $0.value.required, service.name) }
        }
        return reached
    }

    /// The error for a required service that is not active.
    private func unavailable(_ name: String, neededBy dependent: String?) -> ComposeErrors {
        guard let dependent, let inactive = inactiveServices[name],
            let location = services[dependent]?.location(of: "depends_on", name)
        else { return noSuchService(name) }
        let profiles = inactive.profiles.sorted()
        return ComposeErrors(
            .inactive(service: name, profiles: profiles, neededBy: dependent),
            at: location
        )
    }

    /// The error for a name that is not a service's.
    public func noSuchService(_ name: String) -> ComposeErrors {
        let known = Array(services.keys) + inactiveServices.keys
        let file = composeFiles.first ?? name
        return ComposeErrors(
            .noSuchService(name, known: known.sorted()),
            at: location(of: "services") ?? SourceLocation(file: file, line: 0, column: 0)
        )
    }

    /// Removes networks, volumes, configs, secrets and models that no active service uses.
    public mutating func dropUnusedResources() {
        let active = services.values
        let mounts = active.flatMap(\.volumes).filter { $0.kind == .volume }
        let built = buildClosure(of: serviceNames).compactMap(declaredService)
        let secretNames = (active.flatMap(\.secrets) + built.flatMap { $0.build?.secrets ?? [] })
            .map(\.source)
        networks = networks.keeping(active.flatMap(\.networks.keys))
        volumes = volumes.keeping(mounts.compactMap(\.source))
        secrets = secrets.keeping(secretNames)
        configs = configs.keeping(active.flatMap(\.configs).map(\.source))
        models = models.keeping(active.flatMap(\.models.keys))
    }
}

extension Service {
    /// Whether the service has no profiles or at least one active profile.
    fileprivate func isActive(in active: [String]) -> Bool {
        profiles.isEmpty || active.contains("*") || profiles.contains(where: active.contains)
    }
}

extension Dictionary where Key == String {
    fileprivate func keeping(_ names: [String]) -> [String: Value] {
        let names = Set(names)
        return filter { names.contains($0.key) }
    }
}
